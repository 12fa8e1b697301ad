package io.funkhaus.api.user;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An e-mail address in the form in which addresses are stored and compared: trimmed, composed, in
 * lower case. Whether it can receive mail is not checked.
 */
public record Email(String value) {

  /** Characters of the longest address. */
  public static final int MAX_LENGTH = 254;

  private static final Pattern SHAPE =
      Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]+");

  /** Refuses what {@link #parse} would not have made. */
  public Email {
    if (!isNormalAddress(value)) {
      throw new IllegalArgumentException(
          "an e-mail address is name@domain, at most "
              + MAX_LENGTH
              + " characters, trimmed and in lower case");
    }
  }

  /** Reads what somebody typed; empty when it is no address. */
  public static Optional<Email> parse(String typed) {
    String normal =
        Normalizer.normalize(typed.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    return isNormalAddress(normal) ? Optional.of(new Email(normal)) : Optional.empty();
  }

  /** What stands before the at sign. */
  public String localPart() {
    return value.substring(0, value.indexOf('@'));
  }

  private static boolean isNormalAddress(String value) {
    return value.length() <= MAX_LENGTH
        && SHAPE.matcher(value).matches()
        && value.equals(value.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return value;
  }
}
