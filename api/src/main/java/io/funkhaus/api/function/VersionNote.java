package io.funkhaus.api.function;

import io.funkhaus.api.problem.InvalidValueException;

/** Why a version was published, in a person's words. */
public record VersionNote(String value) {
  public static final int MAX_CHARACTERS = 1024;
  public static final VersionNote NONE = new VersionNote("");

  /** Refuses what is too long or holds a NUL character. */
  public VersionNote {
    if (value.length() > MAX_CHARACTERS || value.indexOf('\0') >= 0) {
      throw new InvalidValueException(
          "note",
          null,
          "note must be at most "
              + MAX_CHARACTERS
              + " characters without NUL, was "
              + value.length());
    }
  }
}
