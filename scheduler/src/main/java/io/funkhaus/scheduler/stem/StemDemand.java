package io.funkhaus.scheduler.stem;

/**
 * How many stems of one kind should be ready: half as many as were taken lately, where what was
 * taken counts half after each half-life. Pure.
 */
final class StemDemand {
  private static final double HALF_LIFE_NANOS = 20e9;

  private double taken;
  private long asOf;

  /** One was wanted, whether it was there or not. */
  void took(long now) {
    taken = recently(now) + 1;
    asOf = now;
  }

  int target(int floor, int most, long now) {
    long wanted = (long) Math.floor(recently(now) / 2 + 0.5);
    return Math.clamp(wanted, floor, most);
  }

  private double recently(long now) {
    return taken * Math.pow(0.5, (now - asOf) / HALF_LIFE_NANOS);
  }
}
