package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.Outcome.Phase;
import java.time.Duration;

/**
 * One use of a sandbox: its boot, the loading of its module, or one invocation. Its deadline is
 * that of {@link Lifecycle}, which alone changes what can change here.
 */
final class Turn {
  private static final long LONGEST_WARNING_NANOS = 500_000_000;

  final Phase phase;

  /** Whether it is the first of its sandbox. */
  final boolean cold;

  final Waited waited;
  final LogCapture.Capture log;

  /** The ticker's reading at its begin, and when it must be over. */
  final long started;

  final long deadline;

  /** Guarded by the life's lock: whether the function was told that its time is nearly over. */
  boolean warned;

  /** Guarded by the life's lock: whether it is the one that took too long. */
  boolean expired;

  private Turn(
      Phase phase,
      boolean cold,
      Waited waited,
      LogCapture.Capture log,
      long started,
      Duration limit) {
    this.phase = phase;
    this.cold = cold;
    this.waited = waited;
    this.log = log;
    this.started = started;
    this.deadline = started + limit.toNanos();
    this.warned = phase == Phase.INIT;
  }

  static Turn initialisation(LogCapture.Capture log, long started, Duration limit) {
    return new Turn(Phase.INIT, true, Waited.NOT_AT_ALL, log, started, limit);
  }

  static Turn invocation(
      boolean cold, Waited waited, LogCapture.Capture log, long started, Duration limit) {
    return new Turn(Phase.RUN, cold, waited, log, started, limit);
  }

  boolean over(long now) {
    return now - deadline >= 0;
  }

  /** The last tenth of its time, but not more than half a second, is for cleaning up. */
  boolean nearlyOver(long now) {
    long warning = Math.min(LONGEST_WARNING_NANOS, (deadline - started) / 10);
    return now - (deadline - warning) >= 0;
  }
}
