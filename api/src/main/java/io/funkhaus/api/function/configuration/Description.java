package io.funkhaus.api.function.configuration;

import io.funkhaus.api.problem.InvalidValueException;

/** What a function is for, in a person's words. */
public record Description(String value) {
  public static final int MAX_CHARACTERS = 256;
  public static final Description NONE = new Description("");

  /** Refuses what is too long or holds a NUL character. */
  public Description {
    if (value.length() > MAX_CHARACTERS || value.indexOf('\0') >= 0) {
      throw new InvalidValueException(
          "description",
          null,
          "description must be at most "
              + MAX_CHARACTERS
              + " characters without NUL, was "
              + value.length());
    }
  }
}
