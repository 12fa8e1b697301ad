package io.funkhaus.api.recording;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which slots of {@link UnderWayFile} are free: a stack without locks, for any thread. The slot
 * that was given back last is taken first, so that a calm service touches few pages.
 *
 * <p>What must not be broken: each change raises the version, or a thread that was held up between
 * reading the top and replacing it could hand out a slot twice.
 */
final class FreeSlots {
  static final int NONE = -1;
  static final int MAX = 0xffff;

  /** Version (32 bits) · how many are free (16) · the first of them + 1, 0 for none (16). */
  private final AtomicLong top;

  /** Behind each free slot the next one + 1. */
  private final AtomicIntegerArray next;

  /** All are free. */
  FreeSlots(int slots) {
    if (slots < 1 || slots > MAX) {
      throw new IllegalArgumentException("slots must be 1 to " + MAX + ", was " + slots);
    }
    next = new AtomicIntegerArray(slots);
    for (int slot = 0; slot < slots - 1; slot++) {
      next.setPlain(slot, slot + 2);
    }
    top = new AtomicLong(top(0, slots, 1));
  }

  /** A free slot, or {@link #NONE}. */
  int take() {
    while (true) {
      long seen = seen();
      if (first(seen) == 0) {
        return NONE;
      }
      if (replace(seen, withoutFirst(seen))) {
        return first(seen) - 1;
      }
    }
  }

  /** The three steps of {@link #take}, between which other threads may do anything. */
  long seen() {
    return top.get();
  }

  long withoutFirst(long seen) {
    return top(version(seen) + 1, free(seen) - 1, next.get(first(seen) - 1));
  }

  boolean replace(long seen, long by) {
    return top.compareAndSet(seen, by);
  }

  void giveBack(int slot) {
    while (true) {
      long seen = top.get();
      next.set(slot, first(seen));
      if (top.compareAndSet(seen, top(version(seen) + 1, free(seen) + 1, slot + 1))) {
        return;
      }
    }
  }

  /** How many are not free. */
  int taken() {
    return next.length() - free(top.get());
  }

  private static long top(long version, int free, int first) {
    return version << 32 | (long) free << 16 | first;
  }

  private static long version(long top) {
    return top >>> 32;
  }

  private static int free(long top) {
    return (int) (top >>> 16) & MAX;
  }

  private static int first(long top) {
    return (int) top & MAX;
  }
}
