package io.funkhaus.api.function;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;
import java.util.regex.Pattern;

/** The name of a function, unique within its tenant. */
public record FunctionName(String value) {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** Refuses anything but 1 to 64 letters, digits, hyphens and underscores. */
  public FunctionName {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValueException(
          "name",
          Shown.of(value),
          "name must be 1 to 64 letters, digits, hyphens or underscores, was " + Shown.of(value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
