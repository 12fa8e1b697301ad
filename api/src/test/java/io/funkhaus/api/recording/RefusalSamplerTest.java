package io.funkhaus.api.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.caller.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalSamplerTest {
  private final RefusalSampler sampler = new RefusalSampler();

  @Test
  void of_a_flood_the_first_few_are_recorded_and_the_rest_is_counted() {
    int recorded = 0;
    for (int i = 0; i < 1_000; i++) {
      recorded += sampler.records(refused("hello")) ? 1 : 0;
    }

    assertThat(recorded).isEqualTo(RefusalSampler.RECORDED_PER_DRAIN);
    assertThat(sampler.drain(TestRecords.NOON))
        .isEqualTo(
            List.of(
                new RefusedCount(
                    new TenantId(1),
                    "hello",
                    "$LATEST",
                    TestRecords.NOON,
                    1_000 - RefusalSampler.RECORDED_PER_DRAIN)));
    assertThat(sampler.drain(TestRecords.NOON)).isEmpty();
    assertThat(sampler.records(refused("hello"))).isTrue();
  }

  @Test
  void one_function_s_flood_does_not_hide_another_s_refusals() {
    for (int i = 0; i < 1_000; i++) {
      sampler.records(refused("loud"));
    }

    assertThat(sampler.records(refused("quiet"))).isTrue();
  }

  private static InvocationRecord refused(String function) {
    return TestRecords.at(TestRecords.NOON, new TenantId(1), function, InvocationStatus.REFUSED, 0);
  }
}
