package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.pool.Member;
import io.funkhaus.scheduler.sandbox.Waited;

/** What became of a wish for a sandbox. */
public sealed interface Acquisition<S> {
  /** It is there; the holder gives it back. */
  record Granted<S>(Member<Seat<S>> member, Waited waited) implements Acquisition<S> {}

  /** A limit says no. */
  record Refused<S>(Refusal refusal) implements Acquisition<S> {}

  /** The function's module does not load: that is the end of the invocation. */
  record Ended<S>(Outcome outcome, Waited waited) implements Acquisition<S> {}
}
