package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.recording.InvocationStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * Which invocations of a tenant a list shows; what is empty does not narrow it.
 *
 * @param version a number or {@code $LATEST}
 * @param from the first moment that counts
 * @param to the first moment that does not
 * @param text searched in the request id, the error and the log, whatever the case
 */
public record InvocationFilter(
    Optional<FunctionName> function,
    Optional<InvocationStatus> status,
    Optional<String> version,
    Optional<KeyId> key,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> text) {

  /** Everything of the tenant. */
  public static final InvocationFilter ALL =
      new InvocationFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Everything of one function. */
  public static InvocationFilter of(FunctionName function) {
    return new InvocationFilter(
        Optional.of(function), ALL.status, ALL.version, ALL.key, ALL.from, ALL.to, ALL.text);
  }
}
