package io.funkhaus.scheduler.pool;

/** A mean that forgets: each new value counts for an eighth. */
public final class MovingAverage {
  private static final double WEIGHT = 1.0 / 8;

  private double mean;
  private boolean known;

  /** Starts with a guess that the first value replaces. */
  public MovingAverage(long guess) {
    this.mean = guess;
  }

  public void add(long value) {
    mean = known ? mean + (value - mean) * WEIGHT : value;
    known = true;
  }

  /** Whether it is more than a guess. */
  public boolean known() {
    return known;
  }

  public long value() {
    return (long) mean;
  }
}
