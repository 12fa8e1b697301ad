package io.funkhaus.web.account;

import io.funkhaus.api.user.Email;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * What a new password must be: long enough and not guessable. No rules on kinds of characters; they
 * make passwords harder to remember, not to guess.
 */
final class PasswordRules {

  static final int MIN_CHARACTERS = 10;
  static final int MAX_BYTES = 128;

  private static final int MIN_DISTINCT = 4;
  private static final int SHORTEST_NAME = 4;
  private static final String PRODUCT = "funkhaus";

  private final CommonPasswords common;

  PasswordRules(CommonPasswords common) {
    this.common = common;
  }

  /** Why the password is not good enough, for the person who chose it; empty when it is. */
  Optional<String> objection(String password, Email email) {
    int characters = password.codePointCount(0, password.length());
    if (characters < MIN_CHARACTERS) {
      return Optional.of(
          "The password must be at least "
              + MIN_CHARACTERS
              + " characters long, this one has "
              + characters
              + ". A few words in a row are easy to remember.");
    }
    int bytes = password.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      return Optional.of(
          "The password may be at most " + MAX_BYTES + " bytes long, this one has " + bytes + ".");
    }
    if (isMonotonous(password)) {
      return Optional.of(
          "This password repeats itself or counts, and would be guessed quickly. Choose another one.");
    }
    if (saysWhoseItIs(password, email)) {
      return Optional.of(
          "This password is made from your e-mail address or the name of this service, and would be guessed"
              + " quickly. Choose another one.");
    }
    if (common.contain(password)) {
      return Optional.of(
          "This password is on the list of common ones, or made from one, and would be guessed quickly."
              + " Choose another one.");
    }
    return Optional.empty();
  }

  private static boolean isMonotonous(String password) {
    return password.codePoints().distinct().count() < MIN_DISTINCT
        || isRepeated(password)
        || isCounting(password);
  }

  /** One short piece over and over: {@code abc1abc1abc1}. */
  private static boolean isRepeated(String password) {
    for (int unit = 1; unit <= password.length() / 2; unit++) {
      if (password.length() % unit == 0
          && password.equals(password.substring(0, unit).repeat(password.length() / unit))) {
        return true;
      }
    }
    return false;
  }

  /** Each character one more, or one less, than the one before: {@code abcdefghij}. */
  private static boolean isCounting(String password) {
    int step = password.charAt(1) - password.charAt(0);
    if (Math.abs(step) != 1) {
      return false;
    }
    for (int i = 2; i < password.length(); i++) {
      boolean steps = password.charAt(i) - password.charAt(i - 1) == step;
      boolean tensGoOn = password.charAt(i) == '0' && password.charAt(i - 1) == '9';
      if (!steps && !tensGoOn) {
        return false;
      }
    }
    return true;
  }

  private static boolean saysWhoseItIs(String password, Email email) {
    String lower = password.toLowerCase(Locale.ROOT);
    String stem = CommonPasswords.stem(lower);
    String name = email.localPart();
    return lower.contains(email.value())
        || stem.equals(PRODUCT)
        || (name.length() >= SHORTEST_NAME
            && (lower.equals(name) || stem.equals(CommonPasswords.stem(name))));
  }
}
