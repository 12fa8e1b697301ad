package io.funkhaus.scheduler.sandbox;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The two directories of the host that exactly one container sees, read-only: {@code task} with the
 * function's code and {@code run} with the socket and the names of hosts. Their parent is closed to
 * everyone but the service; what is inside is open to the sandbox's user, who reaches it through
 * the mount only.
 */
final class SandboxDirectory {
  /** The longest path of a socket that Linux takes. */
  private static final int LONGEST_SOCKET_PATH = 107;

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> SEALED =
      PosixFilePermissions.fromString("r-xr-xr-x");
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("r--r--r--");
  private static final Set<PosixFilePermission> CONNECTABLE =
      PosixFilePermissions.fromString("rw-rw-rw-");

  /** All that a sandbox can name without a network. The engine writes no such file for it. */
  private static final String HOSTS =
      """
      127.0.0.1 localhost
      ::1 localhost ip6-localhost ip6-loopback
      """;

  private final Path root;

  private SandboxDirectory(Path root) {
    this.root = root;
  }

  static SandboxDirectory create(Path sandboxes, String id) throws IOException {
    SandboxDirectory directory = new SandboxDirectory(sandboxes.resolve(id));
    checkLength(directory.socket());
    Files.createDirectories(sandboxes);
    Files.setPosixFilePermissions(sandboxes, PRIVATE);
    Files.createDirectory(directory.root);
    Files.setPosixFilePermissions(Files.createDirectory(directory.task()), OPEN);
    Files.setPosixFilePermissions(Files.createDirectory(directory.run()), OPEN);
    Files.setPosixFilePermissions(Files.writeString(directory.hosts(), HOSTS), READABLE);
    return directory;
  }

  private static void checkLength(Path socket) throws IOException {
    int length = socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (length > LONGEST_SOCKET_PATH) {
      throw new IOException(
          "the path of a sandbox's socket may have %d bytes, %s has %d: choose a shorter data directory"
              .formatted(LONGEST_SOCKET_PATH, socket, length));
    }
  }

  Path task() {
    return root.resolve("task");
  }

  Path run() {
    return root.resolve("run");
  }

  private Path hosts() {
    return run().resolve("hosts");
  }

  Path socket() {
    return run().resolve("fn.sock");
  }

  /** Lets the sandbox's user connect; to be called once the socket is there. */
  void openSocket() throws IOException {
    Files.setPosixFilePermissions(socket(), CONNECTABLE);
  }

  void unlinkSocket() throws IOException {
    Files.deleteIfExists(socket());
  }

  /**
   * Puts a bundle's files where the sandbox sees them: as hard links, or as copies when the bundle
   * is on another file system. Afterwards the directory is closed to changes.
   */
  void place(Path bundle) throws IOException {
    Files.walkFileTree(bundle, new Placing(bundle, task()));
    Files.setPosixFilePermissions(task(), SEALED);
  }

  private static final class Placing extends SimpleFileVisitor<Path> {
    private final Path from;
    private final Path to;
    private boolean linkable = true;

    Placing(Path from, Path to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      Path target = to.resolve(from.relativize(directory));
      if (!directory.equals(from)) {
        Files.setPosixFilePermissions(Files.createDirectory(target), OPEN);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Path target = to.resolve(from.relativize(file));
      if (!attributes.isRegularFile()) {
        throw new IOException("a code bundle has regular files only, this is none: " + file);
      }
      if (linkable) {
        try {
          Files.createLink(target, file);
          return FileVisitResult.CONTINUE;
        } catch (FileSystemException | UnsupportedOperationException otherFileSystem) {
          linkable = false;
        }
      }
      Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
      return FileVisitResult.CONTINUE;
    }
  }

  /** Deletes everything; deleting what is not there is no error. */
  void delete() throws IOException {
    deleteTree(root);
  }

  static void deleteTree(Path root) throws IOException {
    try {
      Files.walkFileTree(root, new Deleting());
    } catch (NoSuchFileException gone) {
      return;
    }
  }

  private static final class Deleting extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      Files.setPosixFilePermissions(directory, PRIVATE);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
