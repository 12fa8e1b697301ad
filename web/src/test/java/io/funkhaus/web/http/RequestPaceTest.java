package io.funkhaus.web.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestPaceTest {
  private static final long START = Long.MAX_VALUE - 5; // such a clock may overflow

  private final RequestPace pace = new RequestPace();

  private void receive(int bytes, Duration after) throws IOException {
    pace.received(bytes, START + after.toNanos());
  }

  @Test
  void a_byte_now_and_then_is_too_slow_after_a_while() throws IOException {
    receive(1, Duration.ZERO);
    receive(1, Duration.ofSeconds(5));
    receive(1, Duration.ofSeconds(10));

    assertThatThrownBy(() -> receive(1, Duration.ofSeconds(11))).isInstanceOf(IOException.class);
  }

  @Test
  void a_long_body_at_a_pace_takes_as_long_as_it_needs() throws IOException {
    for (int second = 0; second < 600; second++) {
      receive(1024, Duration.ofSeconds(second));
    }
    assertThatThrownBy(() -> receive(1, Duration.ofHours(1))).isInstanceOf(IOException.class);
  }

  @Test
  void each_request_of_a_connection_has_the_time_for_itself() throws IOException {
    receive(100, Duration.ZERO);
    pace.restart();

    assertThatCode(() -> receive(100, Duration.ofHours(1))).doesNotThrowAnyException();
  }
}
