package io.funkhaus.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Specs;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvictionPolicyTest {
  private static final long MEBIBYTE = 1 << 20;

  @Test
  void the_longest_idle_go_first_and_no_more_than_needed() {
    List<Member<String>> idle = List.of(member("new", 30), member("old", 10), member("mid", 20));

    assertThat(EvictionPolicy.choose(idle, 129 * MEBIBYTE))
        .extracting(Member::sandbox)
        .containsExactly("old", "mid");
  }

  @Test
  void nobody_goes_for_nothing_when_all_together_would_not_be_enough() {
    assertThat(EvictionPolicy.choose(List.of(member("a", 1)), 200 * MEBIBYTE)).isEmpty();
  }

  @Test
  void nobody_goes_when_nothing_is_needed() {
    assertThat(EvictionPolicy.choose(List.of(member("a", 1)), 0)).isEmpty();
  }

  private static Member<String> member(String name, long idleSince) {
    SandboxPool<String> pool =
        new SandboxPool<>(Specs.function(name), Lifetimes.DEFAULT, new Random(1));
    pool.startBegan();
    return pool.startSucceeded(name, 0, 0, idleSince);
  }
}
