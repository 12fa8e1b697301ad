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
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * The record of one whose end the service did not live to record. Nothing is billed.
   *
   * @param lastSign when the service is known to have lived; it counts as run up to there, unless
   *     that is longer than any invocation: then how long it has run is not known
   */
  InvocationRecord interrupted(Instant lastSign) {
    Duration atLeast = Duration.between(startedAt, lastSign);
    boolean known = !atLeast.isNegative() && atLeast.compareTo(LONGEST) < 0;
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
        new InvocationRecord.Measures(0, 0, known ? atLeast.toNanos() / 1_000 : 0, 0, false, 0),
        new InvocationRecord.Content(new byte[0], payloadBytes),
        InvocationRecord.Content.EMPTY,
        CapturedLog.EMPTY,
        concurrency);
  }
}
