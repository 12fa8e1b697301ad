package io.funkhaus.api.invocation;

import io.funkhaus.api.recording.InvocationRecord;
import io.funkhaus.scheduler.Outcome;

/** How an invocation ended, and what was recorded of it. */
public record InvocationResult(Outcome outcome, InvocationRecord record) {}
