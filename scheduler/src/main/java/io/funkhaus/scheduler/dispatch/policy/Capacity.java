package io.funkhaus.scheduler.dispatch.policy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the host that sandboxes may have together. The sum of what is handed out never
 * exceeds the budget, and what was handed out comes back once.
 */
public final class Capacity {
  private final long budgetBytes;
  private final AtomicLong reservedBytes = new AtomicLong();

  public Capacity(long budgetBytes) {
    if (budgetBytes <= 0) {
      throw new IllegalArgumentException("the memory budget must be positive, was " + budgetBytes);
    }
    this.budgetBytes = budgetBytes;
  }

  /** Some of the budget, until it is released. */
  public final class Reservation {
    private final long bytes;
    private final AtomicBoolean released = new AtomicBoolean();

    private Reservation(long bytes) {
      this.bytes = bytes;
    }

    public long bytes() {
      return bytes;
    }

    public boolean released() {
      return released.get();
    }

    /** Gives it back. Doing it again changes nothing. */
    public boolean release() {
      if (!released.compareAndSet(false, true)) {
        return false;
      }
      reservedBytes.addAndGet(-bytes);
      return true;
    }
  }

  /** Null when there is not so much left. */
  public @Nullable Reservation tryReserve(long bytes) {
    while (true) {
      long reserved = reservedBytes.get();
      if (bytes > budgetBytes - reserved) {
        return null;
      }
      if (reservedBytes.compareAndSet(reserved, reserved + bytes)) {
        return new Reservation(bytes);
      }
    }
  }

  public long budgetBytes() {
    return budgetBytes;
  }

  public long reservedBytes() {
    return reservedBytes.get();
  }

  public long freeBytes() {
    return budgetBytes - reservedBytes.get();
  }
}
