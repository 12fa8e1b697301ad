package io.funkhaus.api.bundle;

import io.funkhaus.api.problem.Shown;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Where a file is within its bundle: relative, with {@code /}, without any part that could lead out
 * of the root on any system.
 */
public record FilePath(String value) implements Comparable<FilePath> {

  /** Refuses everything that is not plainly a file below the root. */
  public FilePath {
    String finding = finding(value);
    if (finding != null) {
      throw InvalidBundle.because("the path " + Shown.of(value) + " " + finding);
    }
  }

  @SuppressWarnings("ReturnsNullCollection")
  private static @org.jspecify.annotations.Nullable String finding(String value) {
    if (value.isEmpty()) {
      return "is empty";
    }
    if (value.startsWith("/")) {
      return "is absolute; it must be relative to the root of the bundle";
    }
    if (value.indexOf('\\') >= 0) {
      return "holds a backslash; parts are separated by /";
    }
    if (value.codePoints().anyMatch(FilePath::isUnfit)) {
      return "holds a character that cannot be shown";
    }
    if (utf8Length(value) > BundleLimits.PATH_BYTES) {
      return "is longer than " + BundleLimits.PATH_BYTES + " bytes";
    }
    String[] parts = value.split("/", -1);
    if (parts.length > BundleLimits.DEPTH) {
      return "is deeper than " + BundleLimits.DEPTH + " folders";
    }
    if (parts[0].length() >= 2 && parts[0].charAt(1) == ':') {
      return "begins with a drive letter";
    }
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return "has an empty part, . or ..";
      }
      if (utf8Length(part) > BundleLimits.NAME_BYTES) {
        return "has a part longer than " + BundleLimits.NAME_BYTES + " bytes";
      }
    }
    return null;
  }

  /**
   * Control characters, NUL among them, halves of surrogate pairs, and invisible direction marks.
   */
  private static boolean isUnfit(int character) {
    int type = Character.getType(character);
    return type == Character.CONTROL
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || (character >= 0x202A && character <= 0x202E)
        || (character >= 0x2066 && character <= 0x2069);
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The parts, from the root down. */
  public List<String> parts() {
    return Arrays.asList(value.split("/", -1));
  }

  /** Equal for two paths that some file system would take for the same. */
  static String folded(String path) {
    return Normalizer.normalize(
        Normalizer.normalize(path, Normalizer.Form.NFC)
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT),
        Normalizer.Form.NFC);
  }

  /** By the bytes of UTF-8: the order of the manifest. */
  @Override
  public int compareTo(FilePath other) {
    return Arrays.compareUnsigned(
        value.getBytes(StandardCharsets.UTF_8), other.value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return value;
  }
}
