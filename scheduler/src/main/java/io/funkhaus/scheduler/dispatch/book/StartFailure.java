package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;

/** Why a sandbox did not become ready. */
public sealed interface StartFailure {
  /** The function's own fault: its module does not load. */
  record Init(Outcome outcome, String summary) implements StartFailure {}

  /** Not the function's fault. */
  record Platform(Refusal refusal) implements StartFailure {}
}
