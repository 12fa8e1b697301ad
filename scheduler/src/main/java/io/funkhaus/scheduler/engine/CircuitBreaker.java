package io.funkhaus.scheduler.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.funkhaus.scheduler.time.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps callers from waiting again and again for an engine that does not answer.
 *
 * <pre>
 *   CLOSED ──several failures in a row──► OPEN ──after a pause──► one trial call
 *     ▲                                    ▲                         │      │
 *     └────────────────────────────────────┼───────── success ───────┘      │
 *                                          └───────── failure ──────────────┘
 * </pre>
 */
final class CircuitBreaker {
  private final int failuresToOpen;
  private final long pauseNanos;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private int failures;

  @GuardedBy("lock")
  private long openUntil;

  @GuardedBy("lock")
  private boolean trial;

  CircuitBreaker(int failuresToOpen, Duration pause, Ticker ticker) {
    this.failuresToOpen = failuresToOpen;
    this.pauseNanos = pause.toNanos();
    this.ticker = ticker;
  }

  /** Whether a call may be made now. After a yes, exactly one of the others follows. */
  boolean admits() {
    lock.lock();
    try {
      if (failures < failuresToOpen) {
        return true;
      }
      if (trial || ticker.nanos() - openUntil < 0) {
        return false;
      }
      trial = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void succeeded() {
    lock.lock();
    try {
      failures = 0;
      trial = false;
    } finally {
      lock.unlock();
    }
  }

  void failed() {
    lock.lock();
    try {
      failures = Math.min(failures + 1, failuresToOpen);
      openUntil = ticker.nanos() + pauseNanos;
      trial = false;
    } finally {
      lock.unlock();
    }
  }

  boolean open() {
    lock.lock();
    try {
      return failures >= failuresToOpen;
    } finally {
      lock.unlock();
    }
  }
}
