package io.funkhaus.api.bundle;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One file of a bundle.
 *
 * @param executable whether it may be started as a program; nothing else of a mode is kept
 * @param sizeBytes of the content
 * @param sha256 of the content, 64 hexadecimal digits
 */
public record BundleFile(
    FilePath path, boolean executable, long sizeBytes, String sha256, Content content) {

  /** Opens the content, each time from its beginning. */
  @FunctionalInterface
  public interface Content {
    InputStream open() throws IOException;
  }

  /** A file whose content is at hand; the bytes are not copied. */
  public static BundleFile of(FilePath path, boolean executable, byte[] content) {
    return new BundleFile(
        path,
        executable,
        content.length,
        HexFormat.of().formatHex(newDigest().digest(content)),
        () -> new ByteArrayInputStream(content));
  }

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
