package io.funkhaus.api.caller;

import java.util.regex.Pattern;

/** The 12-digit number of a tenant that people and ARNs use. */
public record AccountId(String value) {

  private static final Pattern TWELVE_DIGITS = Pattern.compile("[0-9]{12}");

  /** Refuses anything but exactly twelve digits. */
  public AccountId {
    if (!TWELVE_DIGITS.matcher(value).matches()) {
      throw new IllegalArgumentException("an account id is 12 digits, was " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
