package io.funkhaus.api.function;

import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;

/** The number of a published version: 1, 2, 3… within its function, never used twice. */
public record VersionNumber(int value) implements Comparable<VersionNumber> {

  /** Refuses what is not positive. */
  public VersionNumber {
    if (value < 1) {
      throw new InvalidValueException("version", value, "a version is 1 or more, was " + value);
    }
  }

  /** From a path: digits. */
  public static VersionNumber parse(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new InvalidValueException(
          "version", Shown.of(text), "a version is a number from 1, was " + Shown.of(text));
    }
    return new VersionNumber(Integer.parseInt(text));
  }

  @Override
  public int compareTo(VersionNumber other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
