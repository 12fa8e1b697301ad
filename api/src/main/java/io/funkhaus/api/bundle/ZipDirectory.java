package io.funkhaus.api.bundle;

import io.funkhaus.api.problem.Shown;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads the central directory of a zip archive and believes none of it: every offset is checked
 * against the archive, entries must not overlap, and only plain files and folders are let through.
 *
 * <p>Format: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory) and
 * 4.3.16 (end of central directory). Archives of more than one disk, encrypted ones, and those that
 * really need zip64 (none below 50 MB and 10,000 files does) are refused.
 */
final class ZipDirectory {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
  private static final int MADE_ON_UNIX = 3;
  private static final int MADE_ON_MAC = 19;

  private final ByteBuffer zip;

  private ZipDirectory(ByteBuffer zip) {
    this.zip = zip.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * One file or folder of the archive.
   *
   * @param dataOffset where its packed bytes begin
   */
  record Entry(
      FilePath path,
      boolean folder,
      boolean executable,
      boolean deflated,
      int headerOffset,
      int dataOffset,
      int packedBytes,
      long sizeBytes,
      int crc32) {
    int end() {
      return dataOffset + packedBytes;
    }
  }

  /** All entries, in the order of the directory. */
  static List<Entry> read(ByteBuffer zip) {
    return new ZipDirectory(zip).entries();
  }

  private List<Entry> entries() {
    int end = findEnd();
    int disks = u16(end + 4) | u16(end + 6);
    int count = u16(end + 10);
    long directoryBytes = u32(end + 12);
    long directoryOffset = u32(end + 16);
    if (disks != 0 || u16(end + 8) != count) {
      throw InvalidBundle.because("the archive is one part of several");
    }
    if (count > BundleLimits.FILES) {
      throw InvalidBundle.because(
          "the archive holds "
              + (count == 0xFFFF ? "more than 65,534" : count)
              + " entries, at most "
              + BundleLimits.FILES
              + " are allowed");
    }
    if (directoryOffset + directoryBytes > end) {
      throw InvalidBundle.because("the archive's directory lies outside of it");
    }
    List<Entry> entries = new ArrayList<>(count);
    int position = (int) directoryOffset;
    int directoryEnd = (int) (directoryOffset + directoryBytes);
    for (int i = 0; i < count; i++) {
      if (position + CENTRAL_BYTES > directoryEnd || i32(position) != CENTRAL_SIGNATURE) {
        throw InvalidBundle.because("the archive's directory is damaged at entry " + (i + 1));
      }
      int next =
          position + CENTRAL_BYTES + u16(position + 28) + u16(position + 30) + u16(position + 32);
      if (next > directoryEnd) {
        throw InvalidBundle.because("the archive's directory is damaged at entry " + (i + 1));
      }
      entries.add(entry(position, (int) directoryOffset));
      position = next;
    }
    refuseOverlaps(entries);
    return entries;
  }

  /** The last signature whose comment reaches exactly to the end of the archive. */
  private int findEnd() {
    int last = zip.limit() - END_BYTES;
    for (int at = last; at >= 0 && at >= last - MAX_COMMENT; at--) {
      if (i32(at) == END_SIGNATURE && at + END_BYTES + u16(at + 20) == zip.limit()) {
        return at;
      }
    }
    throw InvalidBundle.because("it is not a zip archive, or it is cut off");
  }

  private Entry entry(int at, int directoryOffset) {
    int flags = u16(at + 8);
    int method = u16(at + 10);
    int nameLength = u16(at + 28);
    String name = name(at + CENTRAL_BYTES, nameLength);
    boolean folder = name.endsWith("/");
    FilePath path = new FilePath(folder ? name.substring(0, name.length() - 1) : name);
    if ((flags & ENCRYPTED) != 0) {
      throw InvalidBundle.because(Shown.of(name) + " is encrypted");
    }
    if (method != STORED && method != DEFLATED) {
      throw InvalidBundle.because(
          Shown.of(name)
              + " is packed with method "
              + method
              + "; only store and deflate are read");
    }
    long packed = u32(at + 20);
    long size = u32(at + 24);
    long header = u32(at + 42);
    if (u16(at + 34) != 0 || header + LOCAL_BYTES + nameLength > directoryOffset) {
      throw InvalidBundle.because(
          "the content of " + Shown.of(name) + " lies outside of the archive");
    }
    if (size > BundleLimits.UNPACKED_BYTES) {
      throw InvalidBundle.tooLarge(
          Shown.of(name)
              + " is "
              + size
              + " bytes, at most "
              + BundleLimits.UNPACKED_BYTES
              + " are allowed in all");
    }
    int local = (int) header;
    if (i32(local) != LOCAL_SIGNATURE
        || u16(local + 26) != nameLength
        || !sameBytes(local + LOCAL_BYTES, at + CENTRAL_BYTES, nameLength)) {
      throw InvalidBundle.because("the directory and the header of " + Shown.of(name) + " differ");
    }
    long data = header + LOCAL_BYTES + nameLength + u16(local + 28);
    if (data + packed > directoryOffset || (method == STORED && packed != size)) {
      throw InvalidBundle.because(
          "the content of " + Shown.of(name) + " lies outside of the archive");
    }
    if (folder && size != 0) {
      throw InvalidBundle.because("the folder " + Shown.of(name) + " has content");
    }
    return new Entry(
        path,
        folder,
        executable(at, name, folder),
        method == DEFLATED,
        local,
        (int) data,
        (int) packed,
        size,
        i32(at + 16));
  }

  /** From the upper half of the external attributes, where Unix tools put st_mode. */
  private boolean executable(int at, String name, boolean folder) {
    int madeOn = u16(at + 4) >>> 8;
    if (madeOn != MADE_ON_UNIX && madeOn != MADE_ON_MAC) {
      return false;
    }
    int mode = u16(at + 40);
    int type = mode & 0170000;
    boolean fits = type == 0 || type == (folder ? 0040000 : 0100000);
    if (!fits) {
      throw InvalidBundle.because(
          Shown.of(name)
              + (type == 0120000 ? " is a symbolic link" : " is not a plain file")
              + "; only files and folders are taken");
    }
    return !folder && (mode & 0100) != 0;
  }

  private String name(int at, int length) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(zip.slice(at, length)).toString();
    } catch (CharacterCodingException e) {
      throw InvalidBundle.because("the name of an entry is not UTF-8");
    }
  }

  private static void refuseOverlaps(List<Entry> entries) {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingInt(Entry::headerOffset));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).headerOffset() < sorted.get(i - 1).end()) {
        throw InvalidBundle.because(
            Shown.of(sorted.get(i - 1).path().value())
                + " and "
                + Shown.of(sorted.get(i).path().value())
                + " overlap in the archive");
      }
    }
  }

  private boolean sameBytes(int one, int other, int length) {
    return zip.slice(one, length).equals(zip.slice(other, length));
  }

  private int u16(int at) {
    return Short.toUnsignedInt(zip.getShort(at));
  }

  private int i32(int at) {
    return zip.getInt(at);
  }

  private long u32(int at) {
    return Integer.toUnsignedLong(zip.getInt(at));
  }
}
