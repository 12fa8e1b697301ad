package io.funkhaus.api.function.testevent;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;
import java.util.regex.Pattern;

/** The name of a saved test event, unique within its function; spaces are fine. */
public record TestEventName(String value) {
  private static final Pattern SHAPE =
      Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{N} ._-]{0,63})");

  /** Refuses what cannot stand in a path as it is. */
  public TestEventName {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValueException(
          "name",
          Shown.of(value),
          "the name of a test event must be 1 to 64 letters, digits, spaces, dots, hyphens or underscores, was "
              + Shown.of(value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
