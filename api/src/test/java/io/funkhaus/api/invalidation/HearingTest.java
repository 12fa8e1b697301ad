package io.funkhaus.api.invalidation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HearingTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private final Hearing hearing = new Hearing(nanos::get);

  @Test
  void nothing_is_trusted_before_the_line_is_up() {
    assertThat(hearing.isTrusted()).isFalse();
  }

  @Test
  void trust_ends_four_seconds_after_the_last_proof_also_when_the_counter_wraps() {
    hearing.heardUntil(hearing.now());
    pass(Duration.ofMillis(3999));
    assertThat(hearing.isTrusted()).isTrue();

    pass(Duration.ofMillis(1));

    assertThat(hearing.isTrusted()).isFalse();
  }

  @Test
  void a_proof_counts_from_the_moment_it_is_about_not_from_when_it_came() {
    long asked = hearing.now();
    pass(Duration.ofSeconds(4));

    hearing.heardUntil(asked);

    assertThat(hearing.isTrusted()).isFalse();
  }

  @Test
  void a_later_proof_brings_trust_back() {
    hearing.heardUntil(hearing.now());
    pass(Duration.ofSeconds(10));

    hearing.heardUntil(hearing.now());

    assertThat(hearing.isTrusted()).isTrue();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
