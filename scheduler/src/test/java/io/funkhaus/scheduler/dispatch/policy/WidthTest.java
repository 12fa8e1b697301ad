package io.funkhaus.scheduler.dispatch.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** A closed loop of callers on a host of two processors, in rounds of a quarter of a second. */
class WidthTest {
  private static final int CALLERS = 64;
  private static final int LEAST = 3;
  private static final double BUSY = 0.02;
  private static final double SPARE = 0.3;
  private static final long ROUND = 250_000_000;

  private final Width width = new Width(2);
  private final Random random = new Random(1);
  private long now = ROUND;
  private int callers = CALLERS;
  private int inFlight;

  @Test
  void tiny_runs_on_busy_processors_share_few_places() {
    rounds(8, WidthTest::computing, BUSY, 0);

    assertThat(width.places()).isEqualTo(LEAST);
  }

  @Test
  void it_finds_them_on_a_host_whose_rates_vary_by_a_fifth() {
    long held = rounds(400, WidthTest::computing, BUSY, 0.2);

    assertThat(held).isGreaterThan(250);
  }

  @Test
  void runs_that_wait_for_others_keep_their_places_however_busy_the_processors_are() {
    long held = rounds(400, WidthTest::waiting, BUSY, 0.05);

    assertThat(held).isLessThan(40);
    assertThat(width.places()).isGreaterThanOrEqualTo(CALLERS);
  }

  @Test
  void idle_processors_are_never_kept_from_anybody() {
    rounds(40, WidthTest::computing, SPARE, 0);

    assertThat(width.places()).isEqualTo(Width.UNLIMITED);
  }

  @Test
  void as_soon_as_processors_are_idle_the_places_grow_until_they_are_no_limit() {
    rounds(8, WidthTest::computing, BUSY, 0);

    rounds(6, WidthTest::waiting, SPARE, 0);

    assertThat(width.places()).isGreaterThanOrEqualTo(CALLERS);
  }

  @Test
  void runs_that_became_slow_get_their_places_back() {
    rounds(8, WidthTest::computing, BUSY, 0);

    rounds(6, running -> 0.5 * running, BUSY, 0);

    assertThat(width.places()).isGreaterThanOrEqualTo(CALLERS);
  }

  @Test
  void a_moment_in_which_the_host_stood_still_widens_nothing() {
    rounds(8, WidthTest::computing, BUSY, 0);
    long held = 0;
    for (int i = 0; i < 400; i++) {
      int pause = random.nextInt(8);
      held += rounds(1, running -> computing(running) * (pause == 0 ? 0.5 : 1), BUSY, 0.1);
    }

    assertThat(held).isGreaterThan(360);
  }

  @Test
  void a_little_time_to_spare_gives_tiny_runs_no_more_places() {
    rounds(8, WidthTest::computing, BUSY, 0);

    long held = rounds(400, WidthTest::computing, 0.15, 0);

    assertThat(held).isEqualTo(400);
    assertThat(width.places()).isLessThanOrEqualTo(2 * LEAST);
  }

  @Test
  void what_was_found_out_is_kept_while_a_function_rests() {
    rounds(8, WidthTest::computing, BUSY, 0);

    callers = 0;
    rounds(8, running -> 0, SPARE, 0);

    assertThat(width.places()).isEqualTo(LEAST);
  }

  @Test
  void runs_that_do_not_end_get_more_places_before_they_have() {
    rounds(8, WidthTest::computing, BUSY, 0);

    rounds(6, running -> 0, BUSY, 0);

    assertThat(width.places()).isGreaterThanOrEqualTo(CALLERS);
  }

  @Test
  void runs_that_last_nearly_a_round_are_left_alone() {
    rounds(40, running -> 1.25 * CALLERS, BUSY, 0);

    assertThat(width.places()).isEqualTo(Width.UNLIMITED);
  }

  @Test
  void a_try_that_only_left_processors_idle_is_not_made_again_at_once() {
    long fewer = 0;
    for (int i = 0; i < 400; i++) {
      boolean all = width.admits() && width.places() >= CALLERS;
      fewer += all ? 0 : 1;
      rounds(1, WidthTest::waiting, all ? BUSY : SPARE, 0);
    }

    assertThat(fewer).isLessThan(40);
  }

  @Test
  void runs_of_which_five_end_in_a_round_are_not_narrowed_again_and_again() {
    long fewer = 0;
    for (int i = 0; i < 400; i++) {
      fewer += width.places() < CALLERS ? 1 : 0;
      rounds(1, running -> 5.0 * running, BUSY, 0);
    }

    assertThat(fewer).isLessThan(40);
  }

  @Test
  void a_try_whose_callers_leave_is_taken_back() {
    rounds(1, WidthTest::waiting, BUSY, 0);
    assertThat(width.places()).isEqualTo(CALLERS / 2);

    callers = 0;
    rounds(2, running -> 0, SPARE, 0);

    assertThat(width.places()).isEqualTo(Width.UNLIMITED);
  }

  @Test
  void tiny_runs_that_begin_to_wait_for_others_get_their_places_back() {
    rounds(40, WidthTest::computing, BUSY, 0);

    rounds(64, WidthTest::waiting, BUSY, 0);

    assertThat(width.places()).isGreaterThanOrEqualTo(CALLERS);
  }

  @Test
  void with_a_little_time_to_spare_more_places_are_tried() {
    rounds(40, WidthTest::computing, BUSY, 0);

    rounds(64, WidthTest::waiting, 0.15, 0);

    assertThat(width.places()).isGreaterThanOrEqualTo(CALLERS);
  }

  @Test
  void so_few_callers_as_there_are_processors_are_left_alone() {
    for (int i = 0; i < 40; i++) {
      round(2, 1_000, BUSY);
      assertThat(width.places()).isEqualTo(Width.UNLIMITED);
    }
  }

  /** How many of them ended with no more than four times the fewest places. */
  private long rounds(int count, IntToDoubleFunction rate, double idle, double noise) {
    long narrow = 0;
    for (int i = 0; i < count; i++) {
      int running = Math.min(callers, width.places());
      double factor = 1 + noise * (2 * random.nextDouble() - 1);
      round(running, (int) (rate.applyAsDouble(running) * factor), idle);
      narrow += width.places() <= 4 * LEAST ? 1 : 0;
    }
    return narrow;
  }

  private void round(int running, int ended, double idle) {
    while (inFlight > running) {
      end();
    }
    while (inFlight < running) {
      begin();
    }
    for (int i = 0; i < ended; i++) {
      end();
      begin();
    }
    now += ROUND;
    width.adapt(new HostLoad(idle, Set.of()), now);
  }

  private void begin() {
    width.began();
    inFlight++;
  }

  private void end() {
    width.ended();
    inFlight--;
  }

  /** Runs per round when so many run at a time. */
  private static double computing(int running) {
    return 2_000.0 / (1 + running / 50.0);
  }

  private static double waiting(int running) {
    return 25.0 * running;
  }
}
