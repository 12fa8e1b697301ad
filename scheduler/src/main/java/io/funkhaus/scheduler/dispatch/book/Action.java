package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.sandbox.DestroyReason;

/** What the book has decided and the dispatcher does, outside the lock. */
public sealed interface Action<S> {
  record Start<S>(StartTicket<S> ticket) implements Action<S> {}

  record Destroy<S>(S sandbox, DestroyReason reason) implements Action<S> {}

  /** The stock of stems gives up so much memory. */
  record EvictStems<S>(long bytes) implements Action<S> {}

  record Wake<S>(Waiter<S> waiter) implements Action<S> {}
}
