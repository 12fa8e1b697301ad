package io.funkhaus.scheduler.sandbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.funkhaus.scheduler.sandbox.Sandbox.State;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where one sandbox is in its life, and until when it may stay there.
 *
 * <pre>
 *  STARTING ──HELLO──► STEM ──INIT──► SPECIALISING ──READY──► IDLE ⇄ BUSY
 *      │                 │                 │                   │      │
 *      └─────────────────┴──────────── end(reason) ────────────┴──────┘──► DESTROYED
 * </pre>
 *
 * <p>What must not be broken: the state changes in {@link #move} only; DESTROYED is final and has
 * the first reason that was given.
 */
final class Lifecycle {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private State state = State.STARTING;

  @GuardedBy("lock")
  private @Nullable DestroyReason reason;

  @GuardedBy("lock")
  private boolean timed;

  @GuardedBy("lock")
  private long deadlineNanos;

  State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  @Nullable DestroyReason reason() {
    lock.lock();
    try {
      return reason;
    } finally {
      lock.unlock();
    }
  }

  /**
   * False when it is not in {@code from}, or is over. A deadline ends with the state it was for.
   */
  boolean move(State from, State to) {
    lock.lock();
    try {
      if (state != from || state == State.DESTROYED) {
        return false;
      }
      state = to;
      timed = false;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** What it does now must be over then. */
  void limit(long newDeadlineNanos) {
    lock.lock();
    try {
      deadlineNanos = newDeadlineNanos;
      timed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Over, whatever it was doing. False when it was already. */
  boolean end(DestroyReason why) {
    lock.lock();
    try {
      if (!move(state, State.DESTROYED)) {
        return false;
      }
      reason = why;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Over when its deadline has passed: the reason, or null when there is still time. */
  @Nullable DestroyReason expire(long now) {
    lock.lock();
    try {
      if (!timed || now - deadlineNanos < 0) {
        return null;
      }
      DestroyReason why =
          switch (state) {
            case STARTING -> DestroyReason.START_FAILED;
            case SPECIALISING -> DestroyReason.INIT_TIMED_OUT;
            case BUSY -> DestroyReason.TIMED_OUT;
            case STEM, IDLE, DESTROYED -> null;
          };
      if (why != null) {
        end(why);
      }
      return why;
    } finally {
      lock.unlock();
    }
  }
}
