package io.funkhaus.web.account;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Passwords that are tried first by whoever guesses: a list of what people use most, and what is
 * easily made from it.
 */
final class CommonPasswords {

  private static final String RESOURCE = "common-passwords.txt.gz";
  private static final int SHORTEST_STEM = 4;

  private final Set<String> common;

  CommonPasswords(Set<String> common) {
    this.common = Set.copyOf(common);
  }

  static CommonPasswords ofClassPath() {
    try (InputStream resource = CommonPasswords.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException(RESOURCE + " is missing on the class path");
      }
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.UTF_8));
      return new CommonPasswords(lines.lines().collect(Collectors.toSet()));
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
  }

  /**
   * Whether the password, or what is left of it without what people put around and into it, is on
   * the list: {@code P@ssw0rd2024!} is {@code password}.
   */
  boolean contain(String password) {
    String lower = password.toLowerCase(Locale.ROOT);
    return isCommon(lower) || isCommon(stem(lower)) || isCommon(stem(plain(lower)));
  }

  /** Without everything before the first and after the last letter. */
  static String stem(String lower) {
    int start = 0;
    int end = lower.length();
    while (start < end && !Character.isLetter(lower.charAt(start))) {
      start++;
    }
    while (end > start && !Character.isLetter(lower.charAt(end - 1))) {
      end--;
    }
    return lower.substring(start, end);
  }

  private boolean isCommon(String candidate) {
    return candidate.length() >= SHORTEST_STEM && common.contains(candidate);
  }

  /** With letters again where characters that look like them stand, if letters are around. */
  private static String plain(String lower) {
    String withoutTail = stem(lower.replace('@', 'a').replace('$', 's'));
    return withoutTail
        .replace('0', 'o')
        .replace('1', 'i')
        .replace('3', 'e')
        .replace('4', 'a')
        .replace('5', 's')
        .replace('7', 't')
        .replace('!', 'i');
  }
}
