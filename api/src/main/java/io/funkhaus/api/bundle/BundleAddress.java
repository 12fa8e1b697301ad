package io.funkhaus.api.bundle;

import java.util.regex.Pattern;

/** The content address of a code bundle: the SHA-256 of its manifest, 64 hexadecimal digits. */
public record BundleAddress(String sha256) {
  private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{64}");

  /**
   * Refuses anything but 64 lower-case hexadecimal digits; so an address is safe as a file name.
   */
  public BundleAddress {
    if (!SHAPE.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "a content address is 64 hexadecimal digits, was " + sha256.length() + " characters");
    }
  }

  @Override
  public String toString() {
    return sha256;
  }
}
