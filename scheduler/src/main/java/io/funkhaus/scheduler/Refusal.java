package io.funkhaus.scheduler;

import java.time.Duration;

/**
 * Why an invocation was not given a sandbox: always names the limit and whose it is.
 *
 * @param limit which one
 * @param message one sentence for the caller: the limit, its value, who can raise it
 * @param retryAfter when a new try makes sense
 */
public record Refusal(Limit limit, String message, Duration retryAfter) {

  /** What can be in the way; the word for it in answers is its name in lower case. */
  public enum Limit {
    SHUTTING_DOWN,
    ENGINE_UNAVAILABLE,
    RUNTIME_UNAVAILABLE,
    ISOLATION_UNAVAILABLE,
    TENANT_CONCURRENCY,
    FUNCTION_CONCURRENCY,
    MEMORY_BUDGET,
    QUEUE_LENGTH,
    QUEUE_WAIT,
    INIT_BACKOFF,
    CODE_UNAVAILABLE
  }
}
