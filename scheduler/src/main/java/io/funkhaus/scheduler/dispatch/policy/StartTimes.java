package io.funkhaus.scheduler.dispatch.policy;

import io.funkhaus.scheduler.pool.MovingAverage;

/** How long starts take, by what they begin with. Guarded by the book's lock. */
public final class StartTimes {
  private static final long STEM_GUESS_NANOS = 20_000_000;
  private static final long NOTHING_GUESS_NANOS = 400_000_000;

  private final MovingAverage fromStem = new MovingAverage(STEM_GUESS_NANOS);
  private final MovingAverage fromNothing = new MovingAverage(NOTHING_GUESS_NANOS);

  public void add(StartKind kind, long nanos) {
    of(kind).add(nanos);
  }

  public boolean knows(StartKind kind) {
    return of(kind).known();
  }

  public long expected(StartKind kind) {
    return of(kind).value();
  }

  private MovingAverage of(StartKind kind) {
    return switch (kind) {
      case STEM -> fromStem;
      case NOTHING -> fromNothing;
    };
  }
}
