package io.funkhaus.api.bundle;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The files of a bundle on disk: written once, with fixed modes, whatever the archive said. */
final class BundleTree {
  private static final Set<PosixFilePermission> WRITABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("r-xr-xr-x");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("r--r--r--");
  private static final Set<PosixFilePermission> PROGRAM = FOLDER;

  private BundleTree() {}

  /** Writes below a root that must not exist yet; the root itself stays writable until moved. */
  static void write(Bundle bundle, Path root) throws IOException {
    Files.createDirectory(root);
    for (BundleFile file : bundle.files()) {
      Path target = root.resolve(file.path().value()).normalize();
      if (!target.startsWith(root) || target.equals(root)) {
        throw new IOException("the path of a file leads out of its bundle");
      }
      Files.createDirectories(target.getParent());
      try (InputStream content = file.content().open()) {
        Files.copy(content, target);
      }
      Files.setPosixFilePermissions(target, file.executable() ? PROGRAM : FILE);
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error)
              throws IOException {
            Files.setPosixFilePermissions(folder, folder.equals(root) ? WRITABLE : FOLDER);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Gives a complete tree its name in one step, then makes its root read-only. */
  static void publish(Path tree, Path target) throws IOException {
    Files.setPosixFilePermissions(tree, WRITABLE);
    Files.move(tree, target, StandardCopyOption.ATOMIC_MOVE);
    Files.setPosixFilePermissions(target, FOLDER);
  }

  /** Deletes a tree, read-only or not; nothing there is fine. */
  static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.setPosixFilePermissions(folder, WRITABLE);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
            if (error instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw error;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Sum of the sizes of all files. */
  static long size(Path root) throws IOException {
    AtomicLong bytes = new AtomicLong();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes.addAndGet(attributes.size());
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes.get();
  }
}
