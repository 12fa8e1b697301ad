package io.funkhaus.api.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

  @Test
  void percentiles_are_off_by_less_than_one_percent() {
    long seed = new Random().nextLong();
    System.out.println("LatencyHistogramTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      long[] durations = new long[1 + random.nextInt(5_000)];
      LatencyHistogram histogram = new LatencyHistogram();
      for (int i = 0; i < durations.length; i++) {
        durations[i] = (long) Math.exp(random.nextDouble() * Math.log(900e6));
        histogram.record(durations[i]);
      }
      Arrays.sort(durations);
      for (double share : new double[] {0.01, 0.5, 0.95, 0.99, 1}) {
        long exact = durations[(int) Math.ceil(share * durations.length) - 1];
        assertThat(histogram.percentile(share))
            .as("p%s of %s", share * 100, durations.length)
            .isCloseTo((double) exact, Percentage.withPercentage(0.8));
      }
    }
  }

  @Test
  void bins_rise_without_gaps_from_zero_to_the_longest() {
    int last = -1;
    for (long micros = 0; micros < 1L << 22; micros++) {
      int bin = LatencyHistogram.bin(micros);
      assertThat(bin - last).isBetween(0, 1);
      last = bin;
    }
    assertThat(LatencyHistogram.bin(Long.MAX_VALUE)).isLessThan(Short.MAX_VALUE);
    assertThat(LatencyHistogram.bin(-5)).isZero();
    assertThat(LatencyHistogram.microsOf(LatencyHistogram.bin(100))).isEqualTo(100, within(0.0));
  }

  @Test
  void a_sum_of_histograms_equals_one_of_everything() {
    Random random = new Random(1);
    LatencyHistogram whole = new LatencyHistogram();
    LatencyHistogram left = new LatencyHistogram();
    LatencyHistogram right = new LatencyHistogram();
    for (int i = 0; i < 10_000; i++) {
      long micros = random.nextInt(1_000_000);
      whole.record(micros);
      (random.nextBoolean() ? left : right).record(micros);
    }

    left.add(right.bins(), right.hits());

    assertThat(left.bins()).isEqualTo(whole.bins());
    assertThat(left.hits()).isEqualTo(whole.hits());
  }

  @Test
  void nothing_has_no_percentile() {
    assertThatThrownBy(() -> new LatencyHistogram().percentile(0.5))
        .isInstanceOf(IllegalStateException.class);
  }
}
