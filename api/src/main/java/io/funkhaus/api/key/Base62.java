package io.funkhaus.api.key;

import java.util.random.RandomGenerator;

/** Digits, capitals, small letters: text that survives double-click, URLs and shells. */
final class Base62 {

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private Base62() {}

  /** Uniformly random text; each character carries 5.95 bits. */
  static String random(RandomGenerator random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return text.toString();
  }

  /** The number in exactly {@code length} digits, most significant first. */
  static String encode(long number, int length) {
    char[] digits = new char[length];
    long rest = number;
    for (int i = length - 1; i >= 0; i--) {
      digits[i] = DIGITS.charAt((int) (rest % 62));
      rest /= 62;
    }
    return new String(digits);
  }

  /** The number written in these characters, or -1 when one of them is no digit. */
  static long decode(CharSequence text, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      int digit = digit(text.charAt(i));
      if (digit < 0) {
        return -1;
      }
      number = number * 62 + digit;
    }
    return number;
  }

  static boolean isDigits(CharSequence text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (digit(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    if (c >= 'A' && c <= 'Z') {
      return c - 'A' + 10;
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 36;
    }
    return -1;
  }
}
