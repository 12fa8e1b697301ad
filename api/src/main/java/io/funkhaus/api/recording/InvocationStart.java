package io.funkhaus.api.recording;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.scheduler.CapturedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What is known of an invocation when it is accepted: enough for a record, should the service not
 * live to see its end.
 *
 * @param key the API key that called, absent for the console
 * @param concurrency how many invocations of the function ran when this one started, itself
 *     included
 */
public record InvocationStart(
    UUID requestId,
    TenantId tenant,
    InvocationRecord.Target target,
    Trigger trigger,
    Optional<Actor.Key> key,
    Instant startedAt,
    int payloadBytes,
    int concurrency) {

  /**
   * The record of one whose end the service did not live to record. Nothing is billed.
   *
   * @param lastSign when the service is known to have lived; it counts as run up to there
   */
  InvocationRecord interrupted(Instant lastSign) {
    Duration atLeast = Duration.between(startedAt, lastSign);
    return new InvocationRecord(
        requestId,
        tenant,
        target,
        trigger,
        key,
        InvocationStatus.INTERRUPTED,
        Optional.of(
            new FunctionError(
                "ServiceInterrupted",
                "RequestId: "
                    + requestId
                    + " Error: the service stopped before the end of this invocation was recorded;"
                    + " the function may have run as a whole, in part or not at all")),
        startedAt,
        new InvocationRecord.Measures(
            0, 0, atLeast.isNegative() ? 0 : atLeast.toNanos() / 1_000, 0, false, 0),
        new InvocationRecord.Content(new byte[0], payloadBytes),
        InvocationRecord.Content.EMPTY,
        CapturedLog.EMPTY,
        concurrency);
  }
}
