package io.funkhaus.bench.load;

import java.util.Arrays;
import java.util.Collection;

/** Durations, sorted. Percentiles are by nearest rank: a value that was really measured. */
public final class Latencies {
  private final long[] sorted;

  private Latencies(long[] sorted) {
    this.sorted = sorted;
  }

  public static Latencies of(Collection<Long> nanos) {
    return new Latencies(nanos.stream().mapToLong(Long::longValue).sorted().toArray());
  }

  public static Latencies ofAnswered(Collection<Answered> calls) {
    return new Latencies(calls.stream().mapToLong(Answered::tookNanos).sorted().toArray());
  }

  public int count() {
    return sorted.length;
  }

  /**
   * The value that so many of all do not exceed.
   *
   * @param percent above 0, at most 100
   */
  public double millis(double percent) {
    if (sorted.length == 0) {
      throw new IllegalStateException("percentiles of no measurement at all");
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(1, rank) - 1] / 1e6;
  }

  public double[] allMillis() {
    return Arrays.stream(sorted).mapToDouble(nanos -> nanos / 1e6).toArray();
  }
}
