package io.funkhaus.scheduler.stem;

/**
 * How many stems of one kind should be ready: half as many as were taken lately, where what was
 * taken counts half after each half-life. The most that was needed so, and what is expected, is
 * remembered for longer, for times in which there is nothing better to do. Pure.
 */
final class StemDemand {
  private static final double HALF_LIFE_NANOS = 20e9;
  private static final double HALF_LIFE_OF_MEMORY_NANOS = 600e9;

  private final int mostAtLeisure;
  private double taken;
  private double crest;
  private long asOf;

  /**
   * @param mostAtLeisure no more are remembered
   */
  StemDemand(int mostAtLeisure) {
    this.mostAtLeisure = mostAtLeisure;
  }

  /** One was wanted, whether it was there or not. */
  void took(long now) {
    double remembered = remembered(now);
    taken = recently(now) + 1;
    crest = Math.min(2.0 * mostAtLeisure, Math.max(taken, remembered));
    asOf = now;
  }

  /** So many more are likely to be wanted, sooner or later. */
  void expected(int count, long now) {
    double remembered = remembered(now);
    taken = recently(now);
    crest = Math.min(2.0 * mostAtLeisure, remembered + count);
    asOf = now;
  }

  /** How many are made whatever else there is to do. */
  int target(int floor, int most, long now) {
    return stock(recently(now), floor, most);
  }

  /** How many are kept, and made when there is processor time to spare. */
  int targetAtLeisure(int floor, int most, long now) {
    int remembered = stock(remembered(now), floor, Math.max(floor, mostAtLeisure));
    return Math.max(target(floor, most, now), remembered);
  }

  private static int stock(double wanted, int floor, int most) {
    return Math.clamp((long) Math.floor(wanted / 2 + 0.5), floor, most);
  }

  private double recently(long now) {
    return taken * faded(now, HALF_LIFE_NANOS);
  }

  private double remembered(long now) {
    return crest * faded(now, HALF_LIFE_OF_MEMORY_NANOS);
  }

  private double faded(long now, double halfLife) {
    return Math.pow(0.5, (now - asOf) / halfLife);
  }
}
