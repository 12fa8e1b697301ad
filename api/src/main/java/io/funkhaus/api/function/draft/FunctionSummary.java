package io.funkhaus.api.function.draft;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A function in a list, with what happened to it lately.
 *
 * @param lastInvocation null when none is recorded
 * @param invocations24h in the last 24 whole hours and the running one
 * @param errors24h how many of them did not succeed
 */
public record FunctionSummary(
    @JsonUnwrapped FunctionView function,
    @Nullable LastInvocation lastInvocation,
    long invocations24h,
    long errors24h) {

  /** The newest recorded invocation. */
  public record LastInvocation(UUID requestId, String status, Instant startedAt) {}
}
