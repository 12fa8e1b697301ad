package io.funkhaus.scheduler.dispatch.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** A closed loop of callers on a host of two processors, in rounds of a quarter of a second. */
class WidthTest {
  private static final int CALLERS = 64;
  private static final int LEAST = 3;
  private static final long ROUND = 250_000_000;

  private final Width width = new Width(2);
  private final Random random = new Random(1);
  private long now = ROUND;

  @Test
  void tiny_runs_on_busy_processors_share_few_places() {
    rounds(8, WidthTest::computing, true, 0);

    assertThat(width.places()).isEqualTo(LEAST);
  }

  @Test
  void it_finds_them_on_a_host_whose_rates_vary_by_a_fifth() {
    long held = rounds(400, WidthTest::computing, true, 0.2);

    assertThat(held).isGreaterThan(250);
  }

  @Test
  void runs_that_wait_for_others_keep_their_places_however_busy_the_processors_are() {
    long held = rounds(400, WidthTest::waiting, true, 0.05);

    assertThat(held).isLessThan(40);
    assertThat(width.admits(CALLERS - 1)).isTrue();
  }

  @Test
  void idle_processors_are_never_kept_from_anybody() {
    rounds(40, WidthTest::computing, false, 0);

    assertThat(width.places()).isEqualTo(Width.UNLIMITED);
  }

  @Test
  void as_soon_as_processors_are_idle_the_places_grow_until_they_are_no_limit() {
    rounds(8, WidthTest::computing, true, 0);

    rounds(6, WidthTest::waiting, false, 0);

    assertThat(width.places()).isGreaterThanOrEqualTo(CALLERS);
  }

  @Test
  void runs_that_became_slow_get_their_places_back() {
    rounds(8, WidthTest::computing, true, 0);

    rounds(6, running -> 0.5 * running, true, 0);

    assertThat(width.places()).isGreaterThanOrEqualTo(CALLERS);
  }

  @Test
  void nothing_is_kept_of_a_function_that_rests() {
    rounds(8, WidthTest::computing, true, 0);

    width.adapt(true, now + ROUND);

    assertThat(width.places()).isEqualTo(Width.UNLIMITED);
  }

  @Test
  void so_few_callers_as_there_are_processors_are_left_alone() {
    for (int i = 0; i < 40; i++) {
      round(2, 1_000, true);
      assertThat(width.places()).isEqualTo(Width.UNLIMITED);
    }
  }

  /** How many of them ended with no more than four times the fewest places. */
  private long rounds(int count, IntToDoubleFunction rate, boolean busy, double noise) {
    long narrow = 0;
    for (int i = 0; i < count; i++) {
      int running = Math.min(CALLERS, width.places());
      double factor = 1 + noise * (2 * random.nextDouble() - 1);
      round(running, (int) (rate.applyAsDouble(running) * factor), busy);
      narrow += width.places() <= 4 * LEAST ? 1 : 0;
    }
    return narrow;
  }

  private void round(int running, int ended, boolean busy) {
    width.began(running);
    for (int i = 0; i < ended; i++) {
      width.ended();
    }
    now += ROUND;
    width.adapt(busy, now);
  }

  /** Runs per round when so many run at a time. */
  private static double computing(int running) {
    return 2_000.0 / (1 + running / 50.0);
  }

  private static double waiting(int running) {
    return 25.0 * running;
  }
}
