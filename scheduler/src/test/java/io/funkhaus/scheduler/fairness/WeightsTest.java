package io.funkhaus.scheduler.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.fairness.Weights.Claim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private static final Claim QUIET = new Claim("quiet", 128, true);

  private static List<Claim> noisy(int sandboxes, int megabytes) {
    return Collections.nCopies(sandboxes, new Claim("noisy", megabytes, true));
  }

  private static int sum(Weights weights, List<Claim> claims) {
    return claims.stream().mapToInt(weights::of).sum();
  }

  @Test
  void a_tenant_with_fifty_sandboxes_weighs_no_more_than_one_with_a_single_sandbox() {
    List<Claim> all = new ArrayList<>(noisy(50, 128));
    all.add(QUIET);

    Weights weights = new Weights(all);

    assertThat(weights.of(QUIET)).isEqualTo(Weights.OF_A_TENANT);
    assertThat(sum(weights, noisy(50, 128))).isBetween(256, Weights.OF_A_TENANT);
  }

  @Test
  void within_a_tenant_memory_decides() {
    Claim small = new Claim("a", 128, true);
    Claim large = new Claim("a", 384, true);

    Weights weights = new Weights(List.of(small, large));

    assertThat(weights.of(small)).isEqualTo(128);
    assertThat(weights.of(large)).isEqualTo(256);
  }

  @Test
  void one_that_is_not_in_use_weighs_what_it_would_weigh_in_use() {
    Claim idle = new Claim("noisy", 128, false);
    Claim alone = new Claim("quiet", 128, false);
    List<Claim> all = new ArrayList<>(noisy(3, 128));
    all.add(idle);
    all.add(alone);

    Weights weights = new Weights(all);

    assertThat(weights.of(idle)).isEqualTo(128);
    assertThat(weights.of(alone)).isEqualTo(Weights.OF_A_TENANT);
    assertThat(weights.of(noisy(3, 128).getFirst())).isEqualTo(128);
  }

  @Test
  void no_sandbox_weighs_less_than_the_kernel_takes() {
    List<Claim> all = noisy(2_000, 128);

    assertThat(new Weights(all).of(all.getFirst())).isEqualTo(Weights.LEAST);
  }
}
