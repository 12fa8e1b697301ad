package io.funkhaus.scheduler.dispatch.policy;

import org.jspecify.annotations.Nullable;

/**
 * The part of the host's memory that the stock of stems has: given when nobody else needs it, asked
 * back first. Guarded by the book's lock.
 */
public final class StemShare {
  /** What stays free for the next function beside the stock. */
  private static final long ROOM_BYTES = 128L << 20;

  private final Capacity capacity;
  private long heldBytes;

  /** Of that, what was asked back and has not come yet. */
  private long comingBytes;

  public StemShare(Capacity capacity) {
    this.capacity = capacity;
  }

  /** Null when there is not so much to spare. */
  public Capacity.@Nullable Reservation tryReserve(long bytes) {
    if (capacity.freeBytes() < bytes + ROOM_BYTES) {
      return null;
    }
    Capacity.Reservation reserved = capacity.tryReserve(bytes);
    if (reserved != null) {
      heldBytes += bytes;
    }
    return reserved;
  }

  public void gone(Capacity.Reservation reserved) {
    if (reserved.release()) {
      heldBytes -= reserved.bytes();
      comingBytes = Math.max(0, comingBytes - reserved.bytes());
    }
  }

  /**
   * Asks for as much as there is of what is needed.
   *
   * @return how much the stock has to give up
   */
  public long askBack(long bytes) {
    long asked = Math.clamp(heldBytes - comingBytes, 0, bytes);
    comingBytes += asked;
    return asked;
  }

  public long comingBytes() {
    return comingBytes;
  }

  public long heldBytes() {
    return heldBytes;
  }
}
