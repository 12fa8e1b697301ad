package io.funkhaus.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Specs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SandboxPoolTest {
  private static final Lifetimes LIFETIMES =
      new Lifetimes(
          Duration.ofMinutes(10),
          Duration.ofHours(4),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          3);
  private static final long SECOND = 1_000_000_000;

  private final SandboxPool<String> pool =
      new SandboxPool<>(Specs.function("f"), LIFETIMES, new Random(1));

  @Test
  void the_one_used_last_is_lent_first() {
    Member<String> a = started("a", 0);
    Member<String> b = started("b", 0);
    pool.lend(0);
    pool.lend(0);
    giveBack(b, 1);
    giveBack(a, 2);

    assertThat(pool.lend(3)).isSameAs(a);
    assertThat(pool.lend(3)).isSameAs(b);
    assertThat(pool.lend(3)).isNull();
  }

  @Test
  void only_what_was_idle_for_too_long_is_destroyed() {
    started("a", 0);
    Member<String> recent = started("b", 0);
    pool.lend(0);
    giveBack(recent, 600 * SECOND);

    List<Member<String>> over = pool.expire(725 * SECOND, 0);

    assertThat(over).extracting(Member::sandbox).containsExactly("a");
    assertThat(pool.idleMembers()).containsExactly(recent);
  }

  @Test
  void the_times_of_several_are_spread() {
    for (int i = 0; i < 20; i++) {
      started("s" + i, 0);
    }
    long[] left = new long[2];
    left[0] = 20L - pool.expire(540 * SECOND, 0).size();
    left[1] = left[0] - pool.expire(660 * SECOND, 0).size();

    assertThat(left[0]).isBetween(1L, 19L);
    assertThat(left[1]).isBetween(0L, left[0] - 1);
  }

  @Test
  void the_ages_of_several_are_spread() {
    List<Member<String>> members = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      members.add(started("s" + i, 0));
    }
    long age = LIFETIMES.age().toNanos();

    assertThat(worn(members, age * 79 / 100)).isZero();
    assertThat(worn(members, age * 95 / 100)).isBetween(1L, 19L);
    assertThat(worn(members, age * 105 / 100)).isBetween(worn(members, age * 95 / 100) + 1, 19L);
    assertThat(worn(members, age * 121 / 100)).isEqualTo(20);
  }

  private long worn(List<Member<String>> members, long now) {
    return members.stream().filter(member -> pool.worn(member, now)).count();
  }

  @Test
  void one_that_is_too_old_is_worn_but_not_taken_from_its_invocation() {
    Member<String> member = started("a", 0);
    pool.lend(0);
    long late = Duration.ofHours(5).toNanos();

    assertThat(pool.expire(late, 0)).isEmpty();
    assertThat(pool.worn(member, late)).isTrue();
  }

  @Test
  void what_was_there_when_the_pool_was_retired_is_outdated_and_what_comes_later_is_not() {
    Member<String> old = started("old", 0);
    pool.retire();
    Member<String> fresh = started("new", 0);

    assertThat(pool.outdated(old)).isTrue();
    assertThat(pool.outdated(fresh)).isFalse();
    assertThat(pool.expire(1, 0)).containsExactly(old);
  }

  @Test
  void a_member_leaves_once() {
    Member<String> member = started("a", 0);

    assertThat(pool.leave(member)).isTrue();
    assertThat(pool.leave(member)).isFalse();
    assertThat(pool.size()).isZero();
  }

  @Test
  void a_module_that_fails_three_times_in_a_row_is_not_tried_for_five_seconds() {
    fail(0);
    fail(0);
    assertThat(pool.backoffNanos(1)).isZero();
    fail(0);

    assertThat(pool.backoffNanos(SECOND)).isEqualTo(4 * SECOND);
    assertThat(pool.backoffNanos(5 * SECOND)).isZero();
    assertThat(pool.lastFailure()).isEqualTo("bad module");
  }

  @Test
  void a_success_ends_the_row_of_failures() {
    fail(0);
    fail(0);
    started("a", 0);
    fail(0);

    assertThat(pool.backoffNanos(1)).isZero();
  }

  @Test
  void a_run_that_takes_longer_than_any_before_counts_already_while_it_runs() {
    Member<String> member = started("a", 0);
    pool.lend(0);
    giveBack(member, SECOND);
    pool.lend(10 * SECOND);

    assertThat(pool.expectedRunNanos(10 * SECOND + 5)).isEqualTo(SECOND);
    assertThat(pool.expectedRunNanos(17 * SECOND)).isEqualTo(7 * SECOND);
  }

  @Test
  void the_time_of_a_start_is_told_once() {
    Member<String> member = started("a", 7);

    assertThat(member.takeStartNanos()).isEqualTo(7);
    assertThat(member.takeStartNanos()).isZero();
  }

  private Member<String> started(String name, long startNanos) {
    pool.startBegan();
    return pool.startSucceeded(name, pool.generation(), startNanos, 0);
  }

  private void giveBack(Member<String> member, long now) {
    assertThat(pool.ended(member, now)).isTrue();
    pool.rest(member, now);
  }

  private void fail(long now) {
    pool.startBegan();
    pool.initFailed("bad module", now);
  }
}
