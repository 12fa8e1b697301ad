package io.funkhaus.scheduler.sandbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.funkhaus.scheduler.sandbox.Sandbox.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where one sandbox is in its life, what it is doing and until when it must be done.
 *
 * <pre>
 *  STARTING ──HELLO──► STEM ──INIT──► SPECIALISING ──READY──► IDLE ⇄ BUSY (1 to n turns)
 *      │                 │                 │                   │      │
 *      └─────────────────┴──────────── end(reason) ────────────┴──────┘──► DESTROYED
 * </pre>
 *
 * <p>What must not be broken: DESTROYED is final and has the first reason that was given; never
 * more turns at once than were allowed.
 */
final class Lifecycle {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<Turn> turns = new ArrayList<>(1);

  @GuardedBy("lock")
  private State state = State.STARTING;

  @GuardedBy("lock")
  private @Nullable DestroyReason reason;

  /** How often it was taken and not given back: its turns, and those that are about to begin. */
  @GuardedBy("lock")
  private int taken;

  @GuardedBy("lock")
  private long restingSince;

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

  /** False when it is not in {@code from}, or is over. A turn ends with the state it was for. */
  boolean move(State from, State to, long now) {
    lock.lock();
    try {
      if (state != from || state == State.DESTROYED) {
        return false;
      }
      state = to;
      turns.clear();
      restingSince = now;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** One invocation more, {@code most} at once. False when there is no room or it is over. */
  boolean take(int most) {
    lock.lock();
    try {
      if (state != State.IDLE && (state != State.BUSY || taken >= most)) {
        return false;
      }
      state = State.BUSY;
      taken++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** What it does from now on has a deadline. */
  void begin(Turn turn) {
    lock.lock();
    try {
      turns.add(turn);
    } finally {
      lock.unlock();
    }
  }

  /** One invocation less. True when it was the last: it rests now. */
  boolean free(Turn turn, long now) {
    lock.lock();
    try {
      turns.remove(turn);
      taken--;
      if (state != State.BUSY || taken > 0) {
        return false;
      }
      state = State.IDLE;
      restingSince = now;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it has had nothing to do for so long. */
  boolean resting(Duration grace, long now) {
    lock.lock();
    try {
      return (state == State.IDLE || state == State.STEM) && now - restingSince >= grace.toNanos();
    } finally {
      lock.unlock();
    }
  }

  /** Over, whatever it was doing. False when it was already. */
  boolean end(DestroyReason why) {
    lock.lock();
    try {
      if (state == State.DESTROYED) {
        return false;
      }
      state = State.DESTROYED;
      reason = why;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Over, unless others run in it or it was over already. */
  boolean endAlone(DestroyReason why) {
    lock.lock();
    try {
      return taken <= 1 && end(why);
    } finally {
      lock.unlock();
    }
  }

  /** Over when a deadline has passed: the reason, or null when there is still time. */
  @Nullable DestroyReason expire(long now) {
    lock.lock();
    try {
      Turn late = first(turn -> turn.over(now));
      if (late == null) {
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
        late.expired = true;
        end(why);
      }
      return why;
    } finally {
      lock.unlock();
    }
  }

  /** True, once for each turn, when its time is nearly over. */
  boolean warn(long now) {
    lock.lock();
    try {
      Turn late = state == State.BUSY ? first(turn -> !turn.warned && turn.nearlyOver(now)) : null;
      if (late == null) {
        return false;
      }
      late.warned = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether this turn is the one that took too long. */
  boolean expired(Turn turn) {
    lock.lock();
    try {
      return turn.expired;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private @Nullable Turn first(Predicate<Turn> what) {
    for (Turn turn : turns) {
      if (what.test(turn)) {
        return turn;
      }
    }
    return null;
  }
}
