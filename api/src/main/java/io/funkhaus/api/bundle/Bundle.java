package io.funkhaus.api.bundle;

import io.funkhaus.api.problem.Shown;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Files that may become the code of a function: within the limits, no two at the same place on any
 * file system. Made by the controllers from JSON and by {@link ZipArchive} from zips; closing it
 * lets go of what its contents are read from.
 */
public final class Bundle implements AutoCloseable {
  private final List<BundleFile> files;
  private final List<FilePath> folders;
  private final Manifest manifest;
  private final Runnable onClose;

  /** A bundle of files whose contents are in memory. */
  public static Bundle of(List<BundleFile> files) {
    return new Bundle(files, List.of(), () -> {});
  }

  Bundle(List<BundleFile> files, List<FilePath> folders, Runnable onClose) {
    if (files.isEmpty()) {
      throw InvalidBundle.because("it holds no file");
    }
    if (files.size() > BundleLimits.FILES) {
      throw InvalidBundle.because(
          "it holds " + files.size() + " files, at most " + BundleLimits.FILES + " are allowed");
    }
    refuseClashes(files, folders);
    this.files = List.copyOf(files);
    this.folders = List.copyOf(folders);
    this.manifest = Manifest.of(files);
    if (manifest.sizeBytes() > BundleLimits.UNPACKED_BYTES) {
      throw InvalidBundle.tooLarge(
          "its files are "
              + manifest.sizeBytes()
              + " bytes, at most "
              + BundleLimits.UNPACKED_BYTES
              + " are allowed");
    }
    this.onClose = onClose;
  }

  private static void refuseClashes(List<BundleFile> files, List<FilePath> folders) {
    Map<String, String> spelling = new HashMap<>();
    Set<String> foldedFolders = new HashSet<>();
    for (FilePath folder : folders) {
      addFolders(folder.parts(), spelling, foldedFolders);
    }
    for (BundleFile file : files) {
      List<String> parts = file.path().parts();
      addFolders(parts.subList(0, parts.size() - 1), spelling, foldedFolders);
    }
    Map<String, String> foldedFiles = new HashMap<>();
    for (BundleFile file : files) {
      String path = file.path().value();
      String folded = FilePath.folded(path);
      String other = foldedFiles.putIfAbsent(folded, path);
      if (other != null) {
        throw clash(other, path);
      }
      if (foldedFolders.contains(folded)) {
        throw InvalidBundle.because(Shown.of(path) + " is both a file and a folder");
      }
    }
  }

  private static void addFolders(
      List<String> parts, Map<String, String> spelling, Set<String> folders) {
    StringBuilder path = new StringBuilder();
    for (String part : parts) {
      path.append(path.isEmpty() ? "" : "/").append(part);
      String folder = path.toString();
      String folded = FilePath.folded(folder);
      String other = spelling.putIfAbsent(folded, folder);
      if (other != null && !other.equals(folder)) {
        throw clash(other, folder);
      }
      folders.add(folded);
    }
  }

  private static RuntimeException clash(String one, String other) {
    return InvalidBundle.because(
        one.equals(other)
            ? Shown.of(one) + " is there twice"
            : Shown.of(one)
                + " and "
                + Shown.of(other)
                + " would be the same file where case or Unicode form does not count");
  }

  public List<BundleFile> files() {
    return files;
  }

  List<FilePath> folders() {
    return folders;
  }

  public Manifest manifest() {
    return manifest;
  }

  public BundleAddress address() {
    return manifest.address();
  }

  @Override
  public void close() {
    onClose.run();
  }
}
