package io.funkhaus.api.key;

import io.funkhaus.api.problem.InvalidValueException;

/** What people call a key: 1 to 64 characters, none of them a control character. */
public record KeyName(String value) {

  private static final int MAX_LENGTH = 64;

  /** Refuses what would be unreadable in a list. */
  public KeyName {
    int length = value.codePointCount(0, value.length());
    if (value.isBlank() || length > MAX_LENGTH) {
      throw new InvalidValueException(
          "name", value, "name must be 1 to " + MAX_LENGTH + " characters, was " + length);
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidValueException(
          "name", null, "name must not have control characters, such as line breaks");
    }
  }
}
