package io.funkhaus.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Specs;
import io.funkhaus.scheduler.pool.EvictionPolicy.Candidate;
import io.funkhaus.scheduler.pool.EvictionPolicy.Wish;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvictionPolicyTest {
  private static final long MEBIBYTE = 1 << 20;
  private static final long SECOND = 1_000_000_000;

  @Test
  void the_longest_idle_go_first_and_no_more_than_needed() {
    assertThat(names(List.of(idle("new", 30), idle("old", 10), idle("mid", 20)), caller(129)))
        .containsExactly("old", "mid");
  }

  @Test
  void nobody_goes_for_nothing_when_all_together_would_not_be_enough() {
    assertThat(names(List.of(idle("a", 1)), caller(200))).isEmpty();
  }

  @Test
  void nobody_goes_when_nothing_is_needed() {
    assertThat(names(List.of(idle("a", 1)), caller(0))).isEmpty();
  }

  @Test
  void what_is_kept_ready_goes_last_and_only_for_a_caller() {
    List<Candidate<String>> idle = List.of(kept("kept", 1), idle("spare", 50));

    assertThat(names(idle, caller(128))).containsExactly("spare");
    assertThat(names(idle, caller(256))).containsExactly("spare", "kept");
    assertThat(names(idle, new Wish(256 * MEBIBYTE, false, false))).isEmpty();
  }

  @Test
  void a_tenant_over_its_share_gives_before_others_even_if_its_sandboxes_were_used_later() {
    List<Candidate<String>> idle = List.of(idle("quiet", 1), rich("flooding", 50));

    assertThat(names(idle, caller(128))).containsExactly("flooding");
  }

  @Test
  void who_has_its_share_takes_nothing_from_who_has_not_unless_that_was_quiet_for_a_minute() {
    List<Candidate<String>> idle = List.of(idle("quiet", 1), rich("flooding", 50));
    Wish wish = new Wish(256 * MEBIBYTE, true, true);

    assertThat(EvictionPolicy.choose(idle, wish, 59 * SECOND)).isEmpty();
    assertThat(EvictionPolicy.choose(idle, wish, 62 * SECOND)).hasSize(2);
  }

  private static Wish caller(long megabytes) {
    return new Wish(megabytes * MEBIBYTE, true, false);
  }

  private static List<String> names(List<Candidate<String>> idle, Wish wish) {
    return EvictionPolicy.choose(idle, wish, 100).stream().map(Member::sandbox).toList();
  }

  private static Candidate<String> idle(String name, long idleSince) {
    return new Candidate<>(member(name, idleSince), false, false);
  }

  private static Candidate<String> kept(String name, long idleSince) {
    return new Candidate<>(member(name, idleSince), true, false);
  }

  private static Candidate<String> rich(String name, long idleSince) {
    return new Candidate<>(member(name, idleSince), false, true);
  }

  private static Member<String> member(String name, long idleSince) {
    SandboxPool<String> pool =
        new SandboxPool<>(Specs.function(name), Lifetimes.DEFAULT, new Random(1));
    pool.startBegan();
    return pool.startSucceeded(name, 0, 0, idleSince);
  }
}
