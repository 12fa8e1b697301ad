package io.funkhaus.api.function;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.problem.Shown;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * The revision an edit was made from: it is refused when somebody has changed the thing since.
 *
 * @param revision null when any will do
 */
public record Precondition(@Nullable Long revision) {
  public static final Precondition NONE = new Precondition(null);

  private static final Pattern ETAG = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"");

  /** The edit was made from this revision. */
  public static Precondition of(long revision) {
    return new Precondition(revision);
  }

  /** From an {@code If-Match} header; none and {@code *} take any revision. */
  public static Precondition parse(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.strip().equals("*")) {
      return NONE;
    }
    Matcher etag = ETAG.matcher(ifMatch.strip());
    if (!etag.matches()) {
      throw new InvalidValueException(
          "If-Match",
          ifMatch,
          "If-Match must be one ETag such as \"7\", or *, was " + Shown.of(ifMatch));
    }
    return of(Long.parseLong(etag.group(1)));
  }

  /** As {@link #parse}, for edits that must say what they were made from. */
  public static Precondition require(@Nullable String ifMatch) {
    if (ifMatch == null) {
      throw new ProblemException(
          HttpStatus.PRECONDITION_REQUIRED,
          "IfMatchRequired",
          "If-Match required",
          "This edit needs the header If-Match with the ETag the edited state was read with (or * to overwrite"
              + " whatever is there).");
    }
    return parse(ifMatch);
  }

  /** Refuses with 412 when the thing has another revision. */
  public void check(String what, long current, Instant updatedAt, String updatedBy) {
    if (revision == null || revision == current) {
      return;
    }
    throw new ProblemException(
            HttpStatus.PRECONDITION_FAILED,
            "RevisionMismatch",
            "Changed in the meantime",
            what
                + " is at revision "
                + current
                + ", saved by "
                + updatedBy
                + " at "
                + updatedAt
                + "; this edit was made from revision "
                + revision
                + ". Read it again, then repeat the edit.")
        .with("revision", current)
        .with("updatedAt", updatedAt)
        .with("updatedBy", updatedBy);
  }
}
