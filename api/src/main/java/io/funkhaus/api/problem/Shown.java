package io.funkhaus.api.problem;

/** Repeats a caller's value in a message: short, and without characters that cannot be seen. */
public final class Shown {
  private static final int LONGEST = 120;

  private Shown() {}

  /** The value in quotation marks. */
  public static String of(String value) {
    StringBuilder shown = new StringBuilder("\"");
    value
        .codePoints()
        .limit(LONGEST)
        .forEach(c -> {
          if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
            shown.append(String.format("\\u%04x", c));
          } else {
            shown.appendCodePoint(c);
          }
        });
    boolean cut = value.codePointCount(0, value.length()) > LONGEST;
    return shown.append(cut ? "…\"" : "\"").toString();
  }
}
