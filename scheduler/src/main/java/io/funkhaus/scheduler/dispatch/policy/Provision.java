package io.funkhaus.scheduler.dispatch.policy;

import org.jspecify.annotations.Nullable;

/**
 * How many sandboxes of one function version are kept ready although nobody calls it, and when the
 * next attempt at one makes sense. Guarded by the book's lock.
 */
public final class Provision {
  private static final long FIRST_PAUSE_NANOS = 1_000_000_000;
  private static final int LONGEST_SHIFT = 6;
  private static final long FORGIVEN_NANOS = 120_000_000_000L;

  private int wanted;
  private int failures;
  private long lastFailureAt;
  private long pauseNanos;

  /** Why the last attempt came to nothing; null when it did not. */
  private @Nullable String failure;

  public int wanted() {
    return wanted;
  }

  public void want(int newWanted) {
    if (newWanted != wanted) {
      failures = 0;
      failure = null;
    }
    wanted = newWanted;
  }

  /** An attempt has failed, or what had succeeded was gone soon: the next one after a pause. */
  public void failed(String reason, long now) {
    failure = reason;
    if (now - lastFailureAt > FORGIVEN_NANOS) {
      failures = 0;
    }
    pauseNanos = FIRST_PAUSE_NANOS << Math.min(failures, LONGEST_SHIFT);
    failures++;
    lastFailureAt = now;
  }

  /** An attempt has succeeded. What is lost again soon is still followed by a pause. */
  public void succeeded() {
    failure = null;
  }

  /** Why the last attempt failed; null when it did not, and where none is wanted. */
  public @Nullable String failure() {
    return wanted == 0 ? null : failure;
  }

  public boolean pauses(long now) {
    return failures > 0 && now - lastFailureAt < pauseNanos;
  }
}
