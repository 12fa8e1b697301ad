package io.funkhaus.api.function;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;
import java.util.regex.Pattern;

/** The name of an alias, unique within its function; never all digits, so never a version. */
public record AliasName(String value) {
  private static final Pattern SHAPE = Pattern.compile("(?![0-9]+$)[A-Za-z0-9_-]{1,128}");

  /** Refuses what could be a version number or {@code $LATEST}. */
  public AliasName {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValueException(
          "alias",
          Shown.of(value),
          "an alias must be 1 to 128 letters, digits, hyphens or underscores and not all digits, was "
              + Shown.of(value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
