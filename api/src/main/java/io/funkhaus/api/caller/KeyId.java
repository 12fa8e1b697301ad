package io.funkhaus.api.caller;

import java.util.regex.Pattern;

/**
 * The public part of an API key: it names the key in lists, records and logs, and opens nothing.
 */
public record KeyId(String value) {

  /** Characters of a key id. */
  public static final int LENGTH = 12;

  private static final Pattern SHAPE = Pattern.compile("[0-9A-Za-z]{" + LENGTH + "}");

  /** Refuses anything but twelve letters and digits. */
  public KeyId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a key id is " + LENGTH + " letters and digits, was " + value.length() + " characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
