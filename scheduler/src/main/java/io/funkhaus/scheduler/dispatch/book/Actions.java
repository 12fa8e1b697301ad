package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.sandbox.DestroyReason;
import java.util.ArrayList;
import java.util.List;

/** What the book has decided since it was last asked. Guarded by the book's lock. */
final class Actions<S> {
  private List<Action<S>> decided = new ArrayList<>();

  void start(StartTicket<S> ticket) {
    decided.add(new Action.Start<>(ticket));
  }

  void destroy(S sandbox, DestroyReason reason) {
    decided.add(new Action.Destroy<>(sandbox, reason));
  }

  void evictStems(long bytes) {
    decided.add(new Action.EvictStems<>(bytes));
  }

  void wake(Waiter<S> waiter) {
    decided.add(new Action.Wake<>(waiter));
  }

  /** What there is to do, in order. Empty most of the time. */
  List<Action<S>> take() {
    if (decided.isEmpty()) {
      return List.of();
    }
    List<Action<S>> taken = decided;
    decided = new ArrayList<>();
    return taken;
  }
}
