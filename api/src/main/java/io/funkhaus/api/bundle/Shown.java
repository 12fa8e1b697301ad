package io.funkhaus.api.bundle;

/** Repeats a name from an archive in a message: short, and without control characters. */
final class Shown {
  private static final int LONGEST = 120;

  private Shown() {}

  static String of(String value) {
    StringBuilder shown = new StringBuilder("\"");
    value
        .codePoints()
        .limit(LONGEST)
        .forEach(c -> {
          if (c < 0x20 || c == 0x7f || Character.getType(c) == Character.FORMAT) {
            shown.append(String.format("\\u%04x", c));
          } else {
            shown.appendCodePoint(c);
          }
        });
    return shown.append(value.length() > LONGEST ? "…\"" : "\"").toString();
  }
}
