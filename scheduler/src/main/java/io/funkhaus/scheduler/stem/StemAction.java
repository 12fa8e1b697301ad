package io.funkhaus.scheduler.stem;

import io.funkhaus.scheduler.sandbox.DestroyReason;

/** What the book has decided and the pool does, outside the lock. */
sealed interface StemAction<S> {

  /** Asks for memory for one more in stock. */
  record Reserve<S>(StemShelf<S> shelf) implements StemAction<S> {}

  record Launch<S>(Stem<S> stem) implements StemAction<S> {}

  record Destroy<S>(S sandbox, DestroyReason reason) implements StemAction<S> {}

  /** Gives memory back. */
  record Release<S>(Runnable memory) implements StemAction<S> {}

  record Wake<S>(StemTaker<S> taker) implements StemAction<S> {}
}
