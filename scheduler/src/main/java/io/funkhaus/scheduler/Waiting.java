package io.funkhaus.scheduler;

import java.time.Duration;

/**
 * Why an invocation has no sandbox yet.
 *
 * @param reason what it waits for
 * @param message one sentence for people: the limit or the thing, its value, whose it is
 * @param position in the line of those who wait for the same, 1 for the next
 * @param since how long it has waited
 */
public record Waiting(Reason reason, String message, int position, Duration since) {

  /** What can be waited for; the word for it in answers is its name in lower case. */
  public enum Reason {
    /** As many invocations of the tenant run as may. */
    TENANT_CONCURRENCY,
    /** As many invocations of the function run as may. */
    FUNCTION_CONCURRENCY,
    /** The host's memory for sandboxes is given out. */
    MEMORY_BUDGET,
    /** A sandbox for it is being started. */
    SANDBOX_START,
    /** All sandboxes are busy, and waiting is expected to be shorter than starting one. */
    BUSY_SANDBOXES,
    /** As many sandboxes are being started on the host as may at the same time. */
    PARALLEL_STARTS
  }
}
