package io.funkhaus.scheduler.dispatch.policy;

/**
 * For how long callers of one function version have found a queue. A queue that was empty only for
 * a moment, because those who were served have not come back yet, is the same queue. Guarded by the
 * book's lock.
 */
public final class Backlog {
  private boolean known;
  private long since;
  private long emptySince;

  /** Somebody waits, and nobody did. */
  public void began(long now, long runNanos) {
    if (!known || now - emptySince > runNanos / 2) {
      since = now;
    }
    known = true;
  }

  public void ended(long now) {
    emptySince = now;
  }

  public long nanos(long now) {
    return now - since;
  }
}
