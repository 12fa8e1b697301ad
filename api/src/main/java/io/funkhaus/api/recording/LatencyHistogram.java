package io.funkhaus.api.recording;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Counts of durations in log-linear bins: 64 bins to each power of two of microseconds, so that a
 * percentile is off by at most 0.8 %. Two histograms are added bin by bin, also by SQL: the
 * database keeps {@code bins} and {@code counts}. The layout of the bins is stored and must not
 * change.
 */
public final class LatencyHistogram {
  private static final int BINS_PER_OCTAVE_BITS = 6;
  private static final int BINS_PER_OCTAVE = 1 << BINS_PER_OCTAVE_BITS;

  /** Longer than any invocation may take: 2^31 µs, about 36 minutes. */
  private static final long HIGHEST_MICROS = (1L << 31) - 1;

  private static final int BIN_COUNT = bin(HIGHEST_MICROS) + 1;

  private final long[] counts = new long[BIN_COUNT];
  private long total;

  static int bin(long micros) {
    long value = Math.clamp(micros, 0, HIGHEST_MICROS);
    if (value < BINS_PER_OCTAVE) {
      return (int) value;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - BINS_PER_OCTAVE_BITS;
    return (shift << BINS_PER_OCTAVE_BITS) + (int) (value >>> shift);
  }

  /** The middle of a bin. */
  static double microsOf(int bin) {
    if (bin < 2 * BINS_PER_OCTAVE) {
      return bin;
    }
    int shift = (bin >> BINS_PER_OCTAVE_BITS) - 1;
    long lowest = (long) (bin - (shift << BINS_PER_OCTAVE_BITS)) << shift;
    return lowest + ((1L << shift) - 1) / 2.0;
  }

  void record(long micros) {
    counts[bin(micros)]++;
    total++;
  }

  /** Adds what the database has: {@code bins[i]} was hit {@code hits[i]} times. */
  public void add(Short[] bins, Long[] hits) {
    for (int i = 0; i < bins.length; i++) {
      counts[bins[i]] += hits[i];
      total += hits[i];
    }
  }

  public boolean isEmpty() {
    return total == 0;
  }

  /**
   * The duration that this share of all did not exceed, in microseconds.
   *
   * @param share above 0, at most 1
   * @throws IllegalStateException when nothing was counted
   */
  public double percentile(double share) {
    if (isEmpty()) {
      throw new IllegalStateException("an empty histogram has no percentiles");
    }
    long rank = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      seen += counts[bin];
      if (seen >= rank) {
        return microsOf(bin);
      }
    }
    throw new IllegalStateException("a share is above 0 and at most 1, was " + share);
  }

  /** The bins that were hit, rising. */
  Short[] bins() {
    return IntStream.range(0, counts.length)
        .filter(bin -> counts[bin] > 0)
        .mapToObj(bin -> (short) bin)
        .toArray(Short[]::new);
  }

  /** How often each of {@link #bins()} was hit. */
  Long[] hits() {
    return Arrays.stream(counts).filter(count -> count > 0).boxed().toArray(Long[]::new);
  }
}
