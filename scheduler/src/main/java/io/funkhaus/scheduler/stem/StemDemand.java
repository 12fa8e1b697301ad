package io.funkhaus.scheduler.stem;

/**
 * How many stems of one kind should be ready: half as many as were taken lately, where what was
 * taken counts half after each half-life. The most that was needed so, and what is expected and has
 * not come, is remembered for longer, for times in which there is nothing better to do. Pure.
 */
final class StemDemand {
  private static final double HALF_LIFE_NANOS = 20e9;
  private static final double HALF_LIFE_OF_MEMORY_NANOS = 600e9;

  private final int mostAtLeisure;
  private double taken;
  private double crest;
  private double awaited;
  private long asOf;

  /**
   * @param mostAtLeisure no more are kept for what is remembered
   */
  StemDemand(int mostAtLeisure, long now) {
    this.mostAtLeisure = mostAtLeisure;
    this.asOf = now;
  }

  /** One was wanted, whether it was there or not. */
  void took(long now) {
    pass(now);
    taken++;
    crest = Math.clamp(taken, crest, mostRemembered());
    awaited = Math.max(0, awaited - 1);
  }

  /** So many more are likely to be wanted, sooner or later. */
  void expected(int count, long now) {
    pass(now);
    awaited = Math.min(mostRemembered(), awaited + count);
  }

  /** None can be made: who is expected will have to hear it. */
  void expectNone() {
    awaited = 0;
  }

  /** How many are made whatever else there is to do. */
  int target(int floor, int most, long now) {
    return stock(recently(now), floor, most);
  }

  /** How many are kept, and made when there is processor time to spare. */
  int targetAtLeisure(int floor, int most, long now) {
    double wanted = (crest + awaited) * faded(now, HALF_LIFE_OF_MEMORY_NANOS);
    int remembered = stock(wanted, floor, Math.max(floor, mostAtLeisure));
    return Math.max(target(floor, most, now), remembered);
  }

  private static int stock(double wanted, int floor, int most) {
    return Math.clamp((long) Math.floor(wanted / 2 + 0.5), floor, most);
  }

  private double mostRemembered() {
    return 2.0 * mostAtLeisure;
  }

  private double recently(long now) {
    return taken * faded(now, HALF_LIFE_NANOS);
  }

  private void pass(long now) {
    taken = recently(now);
    double left = faded(now, HALF_LIFE_OF_MEMORY_NANOS);
    crest *= left;
    awaited *= left;
    asOf = now;
  }

  private double faded(long now, double halfLife) {
    return Math.pow(0.5, (now - asOf) / halfLife);
  }
}
