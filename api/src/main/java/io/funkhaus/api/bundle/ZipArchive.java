package io.funkhaus.api.bundle;

import io.funkhaus.api.problem.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Zip archives in and out. Reading maps the file and unpacks each entry once to see what it really
 * is; memory use does not depend on the archive.
 */
final class ZipArchive {
  /** The first moment a zip can state: archives of the same files have the same bytes. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private ZipArchive() {}

  /**
   * The bundle in that file, which must stay until the bundle is closed.
   *
   * @throws io.funkhaus.api.problem.ProblemException when it breaks a rule
   */
  static Bundle read(Path file) throws IOException {
    long packedBytes = Files.size(file);
    if (packedBytes > BundleLimits.PACKED_BYTES) {
      throw packedTooLarge();
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer zip =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, packedBytes, arena).asByteBuffer();
      return read(zip, packedBytes, arena::close);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  static Bundle read(ByteBuffer zip, long packedBytes, Runnable onClose) throws IOException {
    List<BundleFile> files = new ArrayList<>();
    List<FilePath> folders = new ArrayList<>();
    long total = 0;
    for (ZipDirectory.Entry entry : ZipDirectory.read(zip)) {
      if (entry.folder()) {
        folders.add(entry.path());
        continue;
      }
      BundleFile file = unpack(zip, entry, total);
      total += file.sizeBytes();
      files.add(file);
    }
    refuseRatio("the archive", total, packedBytes);
    return new Bundle(files, folders, onClose);
  }

  private static BundleFile unpack(ByteBuffer zip, ZipDirectory.Entry entry, long before)
      throws IOException {
    MessageDigest digest = BundleFile.newDigest();
    byte[] buffer = new byte[16 * 1024];
    long size = 0;
    try (InputStream content = new EntryInputStream(zip, entry)) {
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        size += count;
        if (before + size > BundleLimits.UNPACKED_BYTES) {
          throw InvalidBundle.tooLarge(
              "unpacked it is more than " + BundleLimits.UNPACKED_BYTES + " bytes");
        }
        refuseRatio(Shown.of(entry.path().value()), size, entry.packedBytes());
        digest.update(buffer, 0, count);
      }
    }
    return new BundleFile(
        entry.path(),
        entry.executable(),
        size,
        HexFormat.of().formatHex(digest.digest()),
        () -> new EntryInputStream(zip, entry));
  }

  private static void refuseRatio(String what, long unpacked, long packed) {
    if (unpacked > BundleLimits.RATIO_FREE_BYTES && unpacked > BundleLimits.RATIO * packed) {
      throw InvalidBundle.because(
          what + " unpacks to more than " + BundleLimits.RATIO + " times its packed size");
    }
  }

  static RuntimeException packedTooLarge() {
    return InvalidBundle.tooLarge(
        "the archive is more than "
            + BundleLimits.PACKED_BYTES
            + " bytes; leave out what the function does not need");
  }

  /** Writes the bundle as an archive that depends on nothing but its files. */
  static void write(Bundle bundle, Path file) throws IOException {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(file)) {
      List<BundleFile> sorted = new ArrayList<>(bundle.files());
      sorted.sort((a, b) -> a.path().compareTo(b.path()));
      for (BundleFile each : sorted) {
        ZipArchiveEntry entry = new ZipArchiveEntry(each.path().value());
        entry.setUnixMode(each.executable() ? 0100755 : 0100644);
        entry.setTimeLocal(NO_TIME);
        entry.setMethod(ZipEntry.DEFLATED);
        entry.setSize(each.sizeBytes());
        zip.putArchiveEntry(entry);
        try (InputStream content = each.content().open()) {
          content.transferTo(zip);
        }
        zip.closeArchiveEntry();
      }
    }
  }

  /** Copies at most the allowed size of an archive to a file. */
  static void receive(InputStream body, Path file) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long total = 0;
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        total += count;
        if (total > BundleLimits.PACKED_BYTES) {
          throw packedTooLarge();
        }
        out.write(buffer, 0, count);
      }
    }
  }
}
