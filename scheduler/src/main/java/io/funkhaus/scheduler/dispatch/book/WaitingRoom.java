package io.funkhaus.scheduler.dispatch.book;

/**
 * Those who wait, over all lines. Guarded by the book's lock.
 *
 * @param <S> what stands for a sandbox
 */
final class WaitingRoom<S> {
  private final Actions<S> actions;
  private int size;

  WaitingRoom(Actions<S> actions) {
    this.actions = actions;
  }

  void enter(Waiter<S> waiter) {
    Line<S> line = waiter.line();
    if (line.waiters.isEmpty()) {
      line.backlog.began(waiter.arrivedNanos(), line.pool.meanRunNanos());
      line.tenant.waitingLines.add(line);
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
}
