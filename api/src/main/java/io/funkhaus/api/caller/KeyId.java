package io.funkhaus.api.caller;

/**
 * The public part of an API key: it names the key in lists, records and logs, and opens nothing.
 */
public record KeyId(String value) {

  /** Characters of a key id. */
  public static final int LENGTH = 12;

  /** Refuses anything but twelve letters and digits. */
  public KeyId {
    if (!isWellFormed(value)) {
      throw new IllegalArgumentException(
          "a key id is " + LENGTH + " letters and digits, was " + value.length() + " characters");
    }
  }

  /** Whether the text could be a key id. */
  public static boolean isWellFormed(String value) {
    if (value.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = value.charAt(i);
      boolean fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return value;
  }
}
