package io.funkhaus.web.startup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The directory with everything the service keeps on disk, held by one running service at a time: a
 * second one would destroy the first one's sandboxes.
 */
public final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Creates the directory if need be and takes it.
   *
   * @throws StartupFailure when it cannot be written, or another service has it
   */
  public static DataDirectory open(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      FileChannel lock =
          FileChannel.open(
              path.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!taken(lock)) {
        String holder = Files.readString(path.resolve("lock")).strip();
        lock.close();
        throw new StartupFailure(
            "The data directory "
                + path
                + " is in use by another Funkhaus (process "
                + (holder.isEmpty() ? "unknown" : holder)
                + "); stop that one, or set FUNKHAUS_DATA to another directory.");
      }
      lock.truncate(0);
      lock.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return new DataDirectory(path, lock);
    } catch (IOException failed) {
      throw new StartupFailure(
          "The data directory "
              + path
              + " cannot be written ("
              + reason(failed)
              + "); make it writable for this user, or set FUNKHAUS_DATA to another directory.",
          failed);
    }
  }

  public Path path() {
    return path;
  }

  /**
   * What marks this installation's containers: made once, so that a restart recognises the
   * containers of the run before it, and no other installation's.
   */
  public String instance() {
    Path file = path.resolve("instance");
    try {
      if (Files.exists(file)) {
        String kept = Files.readString(file).strip();
        if (!kept.isEmpty()) {
          return kept;
        }
      }
      byte[] random = new byte[6];
      new SecureRandom().nextBytes(random);
      String made = HexFormat.of().formatHex(random);
      Files.writeString(file, made + "\n");
      return made;
    } catch (IOException failed) {
      throw new StartupFailure(
          "The file " + file + " cannot be read or written (" + reason(failed) + ").", failed);
    }
  }

  /** Gives the directory up; only after everything that writes to it has ended. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static boolean taken(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  private static String reason(IOException failed) {
    String message = failed.getMessage();
    String kind = failed.getClass().getSimpleName().replace("Exception", "");
    return message == null ? kind : kind + ": " + message;
  }
}
