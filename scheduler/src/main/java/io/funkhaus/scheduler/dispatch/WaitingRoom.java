package io.funkhaus.scheduler.dispatch;

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
      line.backlogSince = waiter.arrivedNanos();
      line.tenant.waitingLines.add(line);
    }
    line.waiters.addLast(waiter);
    line.tenant.waiting++;
    size++;
  }

  /** False when it does not wait any more. */
  boolean leave(Waiter<S> waiter) {
    Line<S> line = waiter.line();
    if (!line.waiters.remove(waiter)) {
      return false;
    }
    line.tenant.waiting--;
    size--;
    if (line.waiters.isEmpty()) {
      line.tenant.waitingLines.remove(line);
    }
    return true;
  }

  void answer(Waiter<S> waiter, Acquisition<S> answer) {
    leave(waiter);
    waiter.answer(answer);
    actions.wake(waiter);
  }

  int size() {
    return size;
  }
}
