package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.recording.InvocationStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

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

  private static final Pattern VERSION = Pattern.compile("\\$LATEST|[1-9][0-9]{0,9}");

  /** Refuses what no invocation can have, so that it does not get as far as the database. */
  public InvocationFilter {
    version.ifPresent(InvocationFilter::requireVersion);
    if (text.filter(value -> value.indexOf('\0') >= 0).isPresent()) {
      throw new InvalidValueException("q", "", "q must not have the character NUL");
    }
  }

  /** A version as invocations carry it: a number or {@code $LATEST}. */
  public static void requireVersion(String version) {
    if (!VERSION.matcher(version).matches()) {
      throw new InvalidValueException("version", "", "version must be a number from 1 or $LATEST");
    }
  }

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
