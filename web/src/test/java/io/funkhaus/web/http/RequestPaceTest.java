package io.funkhaus.web.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestPaceTest {
  private static final long START = Long.MAX_VALUE - 5; // such a clock may overflow

  private final RequestPace pace = new RequestPace();

  private void receive(int bytes, Duration after) throws SocketTimeoutException {
    pace.received(bytes, START + after.toNanos());
  }

  @Test
  void a_byte_now_and_then_is_too_slow_after_a_while() throws SocketTimeoutException {
    receive(1, Duration.ZERO);
    receive(1, Duration.ofSeconds(5));
    receive(1, Duration.ofSeconds(10));

    assertThatThrownBy(() -> receive(1, Duration.ofSeconds(11)))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void a_long_body_at_a_pace_takes_as_long_as_it_needs() throws SocketTimeoutException {
    for (int second = 0; second < 600; second++) {
      receive(1024, Duration.ofSeconds(second));
    }
  }

  @Test
  void a_body_that_is_slow_all_the_time_is_too_slow_in_the_end() {
    assertThatThrownBy(
            () -> {
              for (int second = 0; second < 20; second++) {
                receive(100, Duration.ofSeconds(second));
              }
            })
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void what_was_read_after_the_answer_does_not_begin_the_next_request()
      throws SocketTimeoutException {
    pace.restart();
    receive(2, Duration.ZERO);

    assertThatCode(() -> receive(500, Duration.ofSeconds(12))).doesNotThrowAnyException();
    assertThatCode(() -> receive(100, Duration.ofSeconds(15))).doesNotThrowAnyException();
  }

  @Test
  void each_request_of_a_connection_has_the_time_for_itself() throws SocketTimeoutException {
    receive(100, Duration.ZERO);
    receive(100, Duration.ofSeconds(6));
    pace.restart();

    assertThatCode(() -> receive(100, Duration.ofSeconds(12))).doesNotThrowAnyException();
  }
}
