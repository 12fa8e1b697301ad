package io.funkhaus.api.function.configuration;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;
import java.util.regex.Pattern;

/** The name of a language environment, for example {@code nodejs22.x}. */
public record RuntimeName(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9.-]{0,31}");

  /** Refuses what no runtime is called. */
  public RuntimeName {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValueException(
          "runtime",
          Shown.of(value),
          "runtime must be one that GET /api/v1/runtimes lists, such as nodejs22.x, was "
              + Shown.of(value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
