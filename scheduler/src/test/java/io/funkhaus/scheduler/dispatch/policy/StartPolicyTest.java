package io.funkhaus.scheduler.dispatch.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.dispatch.policy.StartPolicy.Demand;
import org.junit.jupiter.api.Test;

class StartPolicyTest {
  private static final long MILLI = 1_000_000;
  private static final long START = 300 * MILLI;

  private final StartPolicy policy = new StartPolicy(2);

  @Test
  void nobody_waits_nothing_starts() {
    assertThat(policy.starts(new Demand(0, 4, 0, 10_000 * MILLI, START, 0))).isZero();
  }

  @Test
  void the_first_caller_gets_one_start() {
    assertThat(policy.starts(new Demand(1, 0, 0, 20 * MILLI, START, 0))).isEqualTo(1);
  }

  @Test
  void a_start_that_is_on_its_way_is_not_started_again() {
    assertThat(policy.starts(new Demand(1, 0, 1, 20 * MILLI, START, 0))).isZero();
  }

  @Test
  void a_burst_of_tiny_runs_waits_for_the_sandbox_that_is_there() {
    assertThat(policy.starts(new Demand(15, 1, 0, MILLI / 10, START, 0))).isZero();
  }

  @Test
  void a_burst_of_long_runs_gets_one_start_each() {
    assertThat(policy.starts(new Demand(15, 1, 0, 10_000 * MILLI, START, 0))).isEqualTo(15);
  }

  @Test
  void never_more_starts_than_callers() {
    assertThat(policy.starts(new Demand(3, 0, 1, 900_000 * MILLI, START, 0))).isEqualTo(2);
  }

  @Test
  void callers_that_always_find_a_queue_get_as_many_sandboxes_as_they_are() {
    // 32 callers of a 200 ms function, 16 sandboxes: each wait is shorter than a start, for ever.
    assertThat(policy.starts(new Demand(16, 16, 0, 200 * MILLI, START, START))).isEqualTo(16);
  }

  @Test
  void a_queue_of_tiny_runs_that_never_ends_grows_to_the_number_of_processors_only() {
    assertThat(policy.starts(new Demand(60, 1, 0, MILLI / 10, START, 10 * START))).isEqualTo(1);
    assertThat(policy.starts(new Demand(60, 2, 0, MILLI / 10, START, 10 * START))).isZero();
  }

  @Test
  void who_is_served_before_a_start_is_over_waits_also_when_starts_are_short() {
    assertThat(policy.starts(new Demand(1, 31, 0, 200 * MILLI, 10 * MILLI, 0))).isZero();
    assertThat(policy.starts(new Demand(1, 31, 0, 200 * MILLI, 10 * MILLI, 10 * MILLI)))
        .as("but not again and again")
        .isEqualTo(1);
  }

  @Test
  void a_burst_of_which_nothing_is_known_yet_starts_few_also_when_starts_are_short() {
    assertThat(policy.starts(new Demand(16, 0, 0, 0, 10 * MILLI, 0))).isEqualTo(2);
  }

  @Test
  void tiny_runs_with_a_wait_that_is_felt_double_their_places_and_no_more() {
    assertThat(policy.starts(new Demand(400, 2, 0, MILLI / 10, START, 2 * START))).isEqualTo(2);
  }
}
