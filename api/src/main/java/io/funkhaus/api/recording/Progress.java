package io.funkhaus.api.recording;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How far the database has the journal, and when to get on: here those who read their own records
 * wait for the recorder's thread, and the thread waits for its next round. {@link
 * InvocationRecorder} hurries, awaits and stops, from any thread; the recorder's thread, through
 * {@link JournalCarrier}, says how far it came.
 *
 * <p>What must not be broken: a position counts as reached only after the database has everything
 * before it, and a stop ends every wait.
 */
final class Progress {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final Condition advanced = lock.newCondition();

  /** Unknown at the start, and after a batch of which nobody knows whether it was committed. */
  @GuardedBy("lock")
  private @Nullable JournalPosition reached;

  @GuardedBy("lock")
  private boolean hurry;

  @GuardedBy("lock")
  private boolean stopping;

  /** Asks for the next round now. */
  void hurry() {
    lock.lock();
    try {
      hurry = true;
      wake.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hurries and waits until a position is reached.
   *
   * @return whether it is; not when the wait was too short, or everything stops
   */
  boolean await(JournalPosition position, Duration atMost) {
    long remaining = atMost.toNanos();
    lock.lock();
    try {
      while (reached == null || reached.compareTo(position) < 0) {
        if (remaining <= 0 || stopping) {
          return false;
        }
        hurry = true;
        wake.signal();
        remaining = advanced.awaitNanos(remaining);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next round; false when there is to be none. */
  boolean awaitRound(Pause pause) {
    lock.lock();
    try {
      long remaining = pause.length().toNanos();
      while (remaining > 0 && !stopping && !(hurry && pause.mayBeCutShort())) {
        remaining = wake.awaitNanos(remaining);
      }
      hurry = false;
      return !stopping;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  @Nullable JournalPosition reached() {
    lock.lock();
    try {
      return reached;
    } finally {
      lock.unlock();
    }
  }

  void advance(JournalPosition to) {
    lock.lock();
    try {
      reached = to;
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the position unknown: only the database can say. */
  void forget() {
    lock.lock();
    try {
      reached = null;
    } finally {
      lock.unlock();
    }
  }

  /** Ends every wait, and the rounds. */
  void stop() {
    lock.lock();
    try {
      stopping = true;
      wake.signal();
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean stopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The wait before a round.
   *
   * @param mayBeCutShort whether a hurry ends it; not after a failure, where a reader in a hurry
   *     would make a busy loop of it
   */
  record Pause(Duration length, boolean mayBeCutShort) {
    static final Pause USUAL = new Pause(Duration.ofMillis(200), true);

    private static final Duration LONGEST = Duration.ofSeconds(5);

    /** Twice as long, up to five seconds. */
    Pause afterFailure() {
      Duration longer = length.multipliedBy(2);
      return new Pause(longer.compareTo(LONGEST) < 0 ? longer : LONGEST, false);
    }
  }
}
