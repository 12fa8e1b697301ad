package io.funkhaus.scheduler.dispatch.book;

import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One invocation that waits for a sandbox, and the thread that does. */
public final class Waiter<S> {
  private final Line<S> line;
  private final UUID requestId;
  private final long arrivedNanos;
  private final Thread thread = Thread.currentThread();
  private volatile @Nullable Acquisition<S> answer;

  Waiter(Line<S> line, UUID requestId, long arrivedNanos) {
    this.line = line;
    this.requestId = requestId;
    this.arrivedNanos = arrivedNanos;
  }

  Line<S> line() {
    return line;
  }

  UUID requestId() {
    return requestId;
  }

  long arrivedNanos() {
    return arrivedNanos;
  }

  @Nullable Acquisition<S> answer() {
    return answer;
  }

  /** Under the dispatcher's lock, once. */
  void answer(Acquisition<S> given) {
    answer = given;
  }

  /** Outside of it. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Waits for the answer; the dispatcher's timer sees to it that there is one before the deadline.
   */
  public Acquisition<S> await() throws InterruptedException {
    while (true) {
      Acquisition<S> given = answer;
      if (given != null) {
        return given;
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.park(this);
    }
  }
}
