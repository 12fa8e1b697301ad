package io.funkhaus.scheduler.stem;

import io.funkhaus.scheduler.time.Ticker;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One start of a sandbox that wants a stem, and the memory it has reserved: given back when the
 * start is over and nothing is left of any container that it was given. But for the answer, guarded
 * by the pool's lock.
 */
final class StemTaker<S> {
  private static final long LOOK_EVERY_NANOS = 100_000_000;

  final Runnable whenGone;
  private final Thread thread = Thread.currentThread();
  private volatile @Nullable Answer<S> answer;

  /** Where it waits, or has waited last. */
  @Nullable StemShelf<S> shelf;

  /** How many that it was given are still on the host. */
  int containers;

  /** It takes no more. */
  boolean over;

  StemTaker(Runnable whenGone) {
    this.whenGone = whenGone;
  }

  /** What became of the wish. */
  sealed interface Answer<S> {
    record Granted<S>(S sandbox) implements Answer<S> {}

    record Failed<S>(Exception cause) implements Answer<S> {}
  }

  @Nullable Answer<S> answer() {
    return answer;
  }

  /** Null when it asks once more. */
  void answer(@Nullable Answer<S> given) {
    answer = given;
  }

  /** Outside the lock. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /** Waits, outside the lock. Null when there was no answer in time. */
  @Nullable Answer<S> await(Ticker ticker, long deadline) throws InterruptedException {
    while (answer == null && ticker.nanos() - deadline < 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
    }
    return answer;
  }
}
