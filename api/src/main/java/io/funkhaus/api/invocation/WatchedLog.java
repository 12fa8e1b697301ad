package io.funkhaus.api.invocation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.funkhaus.scheduler.LogListener;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries log bytes from the sandbox's thread, which must not wait, to the one that writes to the
 * watcher, which may be slow. What does not fit is left out; the end of the watch has the whole
 * log.
 */
final class WatchedLog implements LogListener {
  private static final int MAX_WAITING_BYTES = 256 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  @GuardedBy("lock")
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

  @GuardedBy("lock")
  private boolean ended;

  @Override
  public void onLog(byte[] bytes, int offset, int length) {
    lock.lock();
    try {
      int room = MAX_WAITING_BYTES - waiting.size();
      waiting.write(bytes, offset, Math.min(room, length));
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** No more will come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something to write, or for the end. */
  Piece take(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long remaining = atMost.toNanos();
      while (waiting.size() == 0 && !ended && remaining > 0) {
        remaining = arrived.awaitNanos(remaining);
      }
      Piece piece = new Piece(waiting.toByteArray(), ended);
      waiting.reset();
      return piece;
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param bytes empty when the wait was over first
   * @param last whether the invocation has ended
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, kept by nobody
  record Piece(byte[] bytes, boolean last) {}
}
