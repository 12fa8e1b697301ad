package io.funkhaus.scheduler.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.time.HandMovedTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final HandMovedTicker ticker = new HandMovedTicker();
  private final CircuitBreaker breaker = new CircuitBreaker(3, Duration.ofSeconds(2), ticker);

  @Test
  void it_opens_after_three_failures_in_a_row() {
    fail(2);
    assertThat(breaker.admits()).isTrue();
    fail(1);

    assertThat(breaker.open()).isTrue();
    assertThat(breaker.admits()).isFalse();
  }

  @Test
  void a_success_in_between_starts_the_count_anew() {
    fail(2);
    breaker.succeeded();
    fail(2);

    assertThat(breaker.open()).isFalse();
  }

  @Test
  void after_the_pause_one_call_at_a_time_is_tried() {
    fail(3);
    ticker.move(Duration.ofSeconds(2));

    assertThat(breaker.admits()).isTrue();
    assertThat(breaker.admits()).isFalse();
  }

  @Test
  void a_trial_that_succeeds_closes_it_and_one_that_fails_begins_a_new_pause() {
    fail(3);
    ticker.move(Duration.ofSeconds(2));
    assertThat(breaker.admits()).isTrue();
    breaker.failed();
    assertThat(breaker.admits()).isFalse();
    ticker.move(Duration.ofSeconds(2));
    assertThat(breaker.admits()).isTrue();
    breaker.succeeded();

    assertThat(breaker.admits()).isTrue();
    assertThat(breaker.open()).isFalse();
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed();
    }
  }
}
