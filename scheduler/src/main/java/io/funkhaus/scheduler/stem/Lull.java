package io.funkhaus.scheduler.stem;

/**
 * The time right after a stem was taken, in which none is made for the stock. Making a container
 * keeps a processor busy for about a tenth of a second, and whoever has just been given a stem
 * should have the processors first. Pure.
 *
 * <p>What must not be broken: takes that follow each other do not keep the stock empty.
 */
final class Lull {
  private static final long NANOS = 100_000_000;
  private static final long LONGEST_NANOS = 500_000_000;
  private static final long LEISURE_NANOS = 3_000_000_000L;

  private boolean begun;
  private long since;
  private long lastTake;

  void took(long now) {
    if (!holds(now)) {
      begun = true;
      since = now;
    }
    lastTake = now;
  }

  boolean holds(long now) {
    return begun && now - lastTake < NANOS && now - since < LONGEST_NANOS;
  }

  /** Whether it is so long ago that the next one is not expected at any moment. */
  boolean longOver(long now) {
    return !begun || now - lastTake >= LEISURE_NANOS;
  }
}
