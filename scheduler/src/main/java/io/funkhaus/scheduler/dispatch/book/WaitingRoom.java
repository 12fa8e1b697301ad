package io.funkhaus.scheduler.dispatch.book;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait, over all lines. Guarded by the book's lock.
 *
 * <p>It holds so many and no more. When it is full, a tenant that has less than its fair share of
 * it gets a place of the tenant that has most, and nobody is brought below the fair share by that:
 * the others together have more than their shares then, so the one with most does.
 *
 * @param <S> what stands for a sandbox
 */
final class WaitingRoom<S> {
  private final Actions<S> actions;
  private final int places;

  /** Those of which somebody waits. */
  private final Set<Tenant<S>> tenants = new LinkedHashSet<>();

  private int size;

  /**
   * @param places for all tenants together
   */
  WaitingRoom(Actions<S> actions, int places) {
    this.actions = actions;
    this.places = places;
  }

  void enter(Waiter<S> waiter) {
    Line<S> line = waiter.line();
    if (line.waiters.isEmpty()) {
      line.backlog.began(waiter.arrivedNanos(), line.pool.meanRunNanos());
      line.tenant.waitingLines.add(line);
      tenants.add(line.tenant);
    }
    line.waiters.addLast(waiter);
    line.share.waiting++;
    line.tenant.waiting++;
    size++;
  }

  /** False when it does not wait any more. */
  boolean leave(Waiter<S> waiter, long now) {
    Line<S> line = waiter.line();
    if (!line.waiters.remove(waiter)) {
      return false;
    }
    line.share.waiting--;
    line.tenant.waiting--;
    size--;
    if (line.waiters.isEmpty()) {
      line.backlog.ended(now);
      line.tenant.waitingLines.remove(line);
      if (line.tenant.waitingLines.isEmpty()) {
        tenants.remove(line.tenant);
      }
    }
    return true;
  }

  void answer(Waiter<S> waiter, Acquisition<S> answer, long now) {
    leave(waiter, now);
    waiter.answer(answer);
    actions.wake(waiter);
  }

  int size() {
    return size;
  }

  /** How many of them have somebody who waits. */
  int tenants() {
    return tenants.size();
  }

  int places() {
    return places;
  }

  boolean full() {
    return size >= places;
  }

  /** How many places a tenant may count on, whoever else waits: this one among them. */
  int fairShare(Tenant<?> tenant) {
    return places / (tenants.size() + (tenant.waiting == 0 ? 1 : 0));
  }

  /** Whether the next of this tenant may wait, in the place of another if need be. */
  boolean admits(Tenant<?> tenant) {
    return !full() || tenant.waiting < fairShare(tenant);
  }

  /**
   * Who has to go when it is full: of the tenant with most, the one that came last. Null when there
   * is room.
   */
  @Nullable Waiter<S> toDisplace() {
    if (!full()) {
      return null;
    }
    Tenant<S> most = null;
    for (Tenant<S> tenant : tenants) {
      if (most == null || tenant.waiting > most.waiting) {
        most = tenant;
      }
    }
    return most == null ? null : last(most);
  }

  private static <S> @Nullable Waiter<S> last(Tenant<S> tenant) {
    Waiter<S> last = null;
    for (Line<S> line : tenant.waitingLines) {
      Waiter<S> other = line.waiters.getLast();
      if (last == null || other.arrivedNanos() - last.arrivedNanos() > 0) {
        last = other;
      }
    }
    return last;
  }
}
