package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.StemShare;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Who has how much of the host's memory, who lacks some, and who should give some up. Guarded by
 * the lock of the book it belongs to.
 *
 * @param <S> what stands for a sandbox
 */
final class MemoryShares<S> {
  private final Capacity capacity;
  private final Set<StartTicket<S>> leaving = Collections.newSetFromMap(new IdentityHashMap<>());
  private final StemShare stems;
  private long leavingBytes;
  private int lacking;

  MemoryShares(Capacity capacity) {
    this.capacity = capacity;
    this.stems = new StemShare(capacity);
  }

  StemShare stems() {
    return stems;
  }

  /** Whether somebody cannot start a sandbox for want of memory. */
  boolean lacking() {
    return lacking > 0;
  }

  Capacity capacity() {
    return capacity;
  }

  boolean fits(Line<S> line) {
    return line.pool.memoryBytes() <= capacity.freeBytes();
  }

  /** How much must be given up for a sandbox of this line, beside what is on its way back. */
  long missing(Line<S> line) {
    return line.pool.memoryBytes() - capacity.freeBytes() - leavingBytes - stems.comingBytes();
  }

  /** Whether a tenant has more than its part of the host, all tenants here being equal. */
  boolean exceedsShare(Tenant<S> tenant, int tenants) {
    return tenant.memoryBytes > capacity.budgetBytes() / Math.max(1, tenants);
  }

  /** Whether it would with one more sandbox of this line. */
  boolean wouldExceedShare(Line<S> line, int tenants) {
    return line.tenant.memoryBytes + line.pool.memoryBytes()
        > capacity.budgetBytes() / Math.max(1, tenants);
  }

  /** Takes what {@link #fits}. */
  Capacity.Reservation reserve(Line<S> line) {
    Capacity.Reservation memory = capacity.tryReserve(line.pool.memoryBytes());
    if (memory == null) {
      throw new IllegalStateException("memory that was free under the lock is not free");
    }
    line.tenant.memoryBytes += line.pool.memoryBytes();
    return memory;
  }

  /** The memory of a sandbox is on its way back, unless it came back already. */
  void departed(StartTicket<S> ticket) {
    if (!ticket.memory().released() && leaving.add(ticket)) {
      leavingBytes += ticket.line().pool.memoryBytes();
    }
  }

  /** It is back. False when it was before. */
  boolean gone(StartTicket<S> ticket) {
    if (!ticket.memory().release()) {
      return false;
    }
    long bytes = ticket.line().pool.memoryBytes();
    ticket.line().tenant.memoryBytes -= bytes;
    if (leaving.remove(ticket)) {
      leavingBytes -= bytes;
    }
    return true;
  }

  /** Whether this line could start a sandbox if there were memory. */
  void lacks(Line<S> line, boolean lacks) {
    if (line.lacksMemory != lacks) {
      line.lacksMemory = lacks;
      lacking += lacks ? 1 : -1;
    }
  }

  /** Whether this line should leave free memory to somebody else. */
  boolean mustWait(Line<S> line, Collection<Line<S>> all) {
    return lacking > 0 && poorerOneLacks(line, 0, all);
  }

  /** Whether this line should give up one of its sandboxes for somebody else. */
  boolean mustGive(Line<S> line, Collection<Line<S>> all) {
    return lacking > 0 && poorerOneLacks(line, line.pool.memoryBytes(), all);
  }

  /**
   * Whether somebody who lacks memory would, with one more sandbox, still have no more than this
   * line's tenant has without so many bytes. Within one tenant, lines are compared.
   */
  private boolean poorerOneLacks(Line<S> line, long bytes, Collection<Line<S>> all) {
    for (Line<S> other : all) {
      if (!other.lacksMemory || other == line) {
        continue;
      }
      long needed = other.pool.memoryBytes();
      boolean comes = bytes > 0 && leavingBytes >= needed;
      if (!comes && memoryOf(other, line) + needed <= memoryOf(line, other) - bytes) {
        return true;
      }
    }
    return false;
  }

  private static <S> long memoryOf(Line<S> line, Line<S> comparedWith) {
    return line.tenant == comparedWith.tenant
        ? line.pool.size() * line.pool.memoryBytes()
        : line.tenant.memoryBytes;
  }
}
