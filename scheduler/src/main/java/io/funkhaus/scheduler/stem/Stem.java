package io.funkhaus.scheduler.stem;

import org.jspecify.annotations.Nullable;

/**
 * One container on its way from nothing to a function's sandbox, as the book sees it. Guarded by
 * the pool's lock.
 *
 * <pre>
 *   LAUNCHING ──► READY ──► TAKEN          (the taker's from then on)
 *       │           └─────► LEAVING        (died, too old, not needed)
 *       └─► LEAVING, or TAKEN by the one who is told that it failed
 * </pre>
 *
 * @param <S> what stands for a sandbox
 */
final class Stem<S> {
  /** Where it is. */
  enum State {
    LAUNCHING,
    READY,
    TAKEN,
    LEAVING
  }

  final StemShelf<S> shelf;
  State state = State.LAUNCHING;
  @Nullable S sandbox;
  @Nullable StemTaker<S> taker;
  long expiresAt;

  /** Nothing is left of it on the host. */
  boolean gone;

  Stem(StemShelf<S> shelf) {
    this.shelf = shelf;
  }
}
