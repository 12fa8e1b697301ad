package io.funkhaus.bench.load;

import org.jspecify.annotations.Nullable;

/**
 * One call that came to an end.
 *
 * @param atNanos since the load began
 * @param tookNanos from when the call was due
 * @param status 0 when there was no answer
 */
public record Answered(
    long atNanos,
    long tookNanos,
    int status,
    @Nullable String requestId,
    @Nullable String retryAfter) {

  public boolean ok() {
    return status == 200;
  }
}
