package io.funkhaus.api.function;

import io.funkhaus.api.problem.InvalidValueException;

/** The number of a published version: 1, 2, 3… within its function, never used twice. */
public record VersionNumber(int value) implements Comparable<VersionNumber> {

  /** Refuses what is not positive. */
  public VersionNumber {
    if (value < 1) {
      throw new InvalidValueException("version", value, "a version is 1 or more, was " + value);
    }
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
