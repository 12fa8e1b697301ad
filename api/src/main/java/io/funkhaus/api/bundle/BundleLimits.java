package io.funkhaus.api.bundle;

/** What a code bundle may be at most. */
public final class BundleLimits {
  public static final long PACKED_BYTES = 50L * 1024 * 1024;
  public static final long UNPACKED_BYTES = 250L * 1024 * 1024;
  public static final int FILES = 10_000;

  /** Depth of folders, the file itself included. */
  static final int DEPTH = 32;

  /** Bytes of one part of a path: what Linux file systems take. */
  static final int NAME_BYTES = 255;

  /** Bytes of a whole path, so that it fits below any root. */
  static final int PATH_BYTES = 1024;

  /** How much larger than the archive its content may be. */
  static final int RATIO = 100;

  /** Content that may be had at any ratio: small files of one repeated character are no attack. */
  static final long RATIO_FREE_BYTES = 1024 * 1024;

  private BundleLimits() {}
}
