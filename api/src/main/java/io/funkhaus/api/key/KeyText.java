package io.funkhaus.api.key;

import io.funkhaus.api.caller.KeyId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * An API key as its holder has it: {@code fk_<id>_<secret>_<checksum>}, 66 characters.
 *
 * <ul>
 *   <li>id: 12 base62 characters, public, finds the row
 *   <li>secret: 43 base62 characters, 256 random bits
 *   <li>checksum: CRC-32 of everything before its underscore, 6 base62 digits. It tells a key that
 *       was copied badly from one that is not ours, without a lookup, and lets secret scanners
 *       recognise keys.
 * </ul>
 *
 * Prints only its public part.
 */
final class KeyText {

  static final String PREFIX = "fk_";
  static final int LENGTH = 66;

  private static final int SECRET_LENGTH = 43;
  private static final int CHECKSUM_LENGTH = 6;
  private static final int ID_START = PREFIX.length();
  private static final int ID_END = ID_START + KeyId.LENGTH;
  private static final int SECRET_START = ID_END + 1;
  private static final int SECRET_END = SECRET_START + SECRET_LENGTH;
  private static final int CHECKSUM_START = SECRET_END + 1;

  private final String text;

  private KeyText(String text) {
    this.text = text;
  }

  static KeyText generate(RandomGenerator random) {
    String unchecked =
        PREFIX
            + Base62.random(random, KeyId.LENGTH)
            + '_'
            + Base62.random(random, SECRET_LENGTH)
            + '_';
    long checksum = checksum(unchecked.getBytes(StandardCharsets.ISO_8859_1));
    return new KeyText(unchecked + Base62.encode(checksum, CHECKSUM_LENGTH));
  }

  /** What a presented text is. */
  sealed interface Reading {
    /** Has the form of a key and its checksum fits. */
    record Intact(KeyText key) implements Reading {}

    /** Has the form of a key, but a character is wrong, or it was never a key. */
    record Mistyped() implements Reading {}

    /** Has not the form of a key. */
    record Malformed() implements Reading {}
  }

  static Reading read(String text) {
    if (!hasForm(text)) {
      return new Reading.Malformed();
    }
    long written = Base62.decode(text, CHECKSUM_START, LENGTH);
    if (written != checksum(text.getBytes(StandardCharsets.ISO_8859_1))) {
      return new Reading.Mistyped();
    }
    return new Reading.Intact(new KeyText(text));
  }

  KeyId id() {
    return new KeyId(text.substring(ID_START, ID_END));
  }

  byte[] secretSha256() {
    MessageDigest sha256 = sha256();
    sha256.update(text.getBytes(StandardCharsets.ISO_8859_1), SECRET_START, SECRET_LENGTH);
    return sha256.digest();
  }

  /** The whole key; only for the one answer that shows it to its holder. */
  String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return text.substring(0, ID_END) + "_****";
  }

  private static boolean hasForm(String text) {
    return text.length() == LENGTH
        && text.startsWith(PREFIX)
        && Base62.isDigits(text, ID_START, ID_END)
        && text.charAt(ID_END) == '_'
        && Base62.isDigits(text, SECRET_START, SECRET_END)
        && text.charAt(SECRET_END) == '_'
        && Base62.isDigits(text, CHECKSUM_START, LENGTH);
  }

  private static long checksum(byte[] ascii) {
    CRC32 crc = new CRC32();
    crc.update(ascii, 0, SECRET_END);
    return crc.getValue();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
