package io.funkhaus.api.recording;

import java.nio.charset.StandardCharsets;

/** Bytes from functions as text the database can hold. */
public final class StoredText {
  private StoredText() {}

  /** UTF-8, with U+FFFD for what is not, without NUL, which PostgreSQL's text cannot hold. */
  public static String of(byte[] bytes) {
    return withoutNul(new String(bytes, StandardCharsets.UTF_8));
  }

  /** The same text without NUL and without halves of surrogate pairs. */
  static String of(String text) {
    // A lone surrogate has no UTF-8 form; the encoder writes '?' for it.
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String withoutNul(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
  }
}
