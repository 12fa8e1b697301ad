package io.funkhaus.api.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestWindowTest {

  /** The example of RFC 9562, appendix A.6. */
  @Test
  void an_id_that_begins_with_the_time_names_an_hour_before_and_after_it() {
    RequestWindow window =
        RequestWindow.of(UUID.fromString("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"));

    assertThat(window.from()).isEqualTo(OffsetDateTime.parse("2022-02-22T18:22:22Z"));
    assertThat(window.to()).isEqualTo(OffsetDateTime.parse("2022-02-22T20:22:22Z"));
  }

  @Test
  void of_the_first_moment_and_the_last_there_is_a_window_too() {
    assertThat(RequestWindow.of(new UUID(0x7000, 0)).from().getYear()).isEqualTo(1969);
    assertThat(RequestWindow.of(new UUID(0xffff_ffff_ffff_7000L, 0)).to().getYear())
        .isEqualTo(10889);
  }

  @Test
  void another_id_can_be_of_any_time() {
    RequestWindow window = RequestWindow.of(UUID.randomUUID());

    assertThat(window.from().getYear()).isEqualTo(1970);
    assertThat(window.to().getYear()).isEqualTo(9999);
  }
}
