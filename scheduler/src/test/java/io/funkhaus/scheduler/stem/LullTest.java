package io.funkhaus.scheduler.stem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LullTest {
  private static final long MILLI = 1_000_000;

  private final Lull lull = new Lull();

  @Test
  void there_is_none_before_the_first_take() {
    assertThat(lull.holds(0)).isFalse();
  }

  @Test
  void it_lasts_a_tenth_of_a_second_from_the_last_take() {
    lull.took(0);
    lull.took(60 * MILLI);

    assertThat(lull.holds(159 * MILLI)).isTrue();
    assertThat(lull.holds(160 * MILLI)).isFalse();
  }

  @Test
  void takes_that_follow_each_other_leave_a_gap_every_half_second() {
    int gaps = 0;
    for (long now = 0; now < 2_000 * MILLI; now += 50 * MILLI) {
      gaps += lull.holds(now) ? 0 : 1;
      lull.took(now);
    }

    assertThat(gaps).isEqualTo(4);
  }
}
