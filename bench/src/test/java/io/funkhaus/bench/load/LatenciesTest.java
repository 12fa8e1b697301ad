package io.funkhaus.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  @Test
  void a_percentile_is_a_value_that_was_measured() {
    Latencies latencies =
        Latencies.of(LongStream.rangeClosed(1, 200).map(i -> i * 1_000_000).boxed().toList());

    assertThat(latencies.millis(50)).isEqualTo(100);
    assertThat(latencies.millis(99)).isEqualTo(198);
    assertThat(latencies.millis(100)).isEqualTo(200);
  }

  @Test
  void of_few_values_the_99th_percentile_is_the_largest() {
    assertThat(Latencies.of(List.of(3_000_000L, 1_000_000L, 2_000_000L)).millis(99)).isEqualTo(3);
  }

  @Test
  void nothing_measured_has_no_percentiles() {
    Latencies none = Latencies.of(List.of());

    assertThatThrownBy(() -> none.millis(50)).isInstanceOf(IllegalStateException.class);
  }
}
