package io.funkhaus.scheduler.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The parent of all sandboxes' directories. */
public final class SandboxDirectories {
  private final Path parent;

  public SandboxDirectories(Path parent) {
    this.parent = parent;
  }

  /**
   * Deletes the directories that belong to nobody.
   *
   * @param wanted names that stay; asked after the directories were listed, so that one that is
   *     made meanwhile is never among those that go
   */
  public void deleteAllBut(Supplier<Set<String>> wanted) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    List<Path> present;
    try (Stream<Path> entries = Files.list(parent)) {
      present = entries.toList();
    }
    Set<String> staying = wanted.get();
    for (Path directory : present) {
      if (!staying.contains(String.valueOf(directory.getFileName()))) {
        SandboxDirectory.deleteTree(directory);
      }
    }
  }
}
