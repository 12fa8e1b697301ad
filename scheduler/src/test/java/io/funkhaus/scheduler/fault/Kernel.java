package io.funkhaus.scheduler.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel itself has of sandboxes and of this process, asked past every engine. */
final class Kernel {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static final Path PROCESSES = Path.of("/proc");

  private Kernel() {}

  /**
   * Ids of the sandboxes below this directory that have a living process, as the mounts of each
   * process show: whatever the engine says of their containers.
   */
  static Set<String> sandboxesAlive(Path data) {
    Pattern bound = Pattern.compile(Pattern.quote(data + "/sandboxes/") + "([^/ ]+)/task ");
    Set<String> alive = new TreeSet<>();
    for (Path process : numbered()) {
      Matcher mount = bound.matcher(text(process.resolve("mountinfo")));
      if (mount.find() && !zombie(process)) {
        alive.add(mount.group(1));
      }
    }
    return alive;
  }

  private static boolean zombie(Path process) {
    return text(process.resolve("status")).contains("State:\tZ");
  }

  private static List<Path> numbered() {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      List<Path> all = new java.util.ArrayList<>();
      processes.forEach(all::add);
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of these containers that still have a control group, of whatever controller. */
  static Set<String> groupsLeft(Set<String> containers) {
    Set<String> left = new HashSet<>();
    for (Path parent : parents()) {
      for (String container : containers) {
        if (Files.exists(parent.resolve(container))) {
          left.add(container);
        }
      }
    }
    return left;
  }

  /** The limit of memory that the kernel holds a container to; 0 when it has none any more. */
  static long memoryLimit(String container) {
    for (String file : List.of("memory.limit_in_bytes", "memory.max")) {
      for (Path parent : parents()) {
        String limit = text(parent.resolve(container).resolve(file)).strip();
        if (!limit.isEmpty() && !limit.equals("max")) {
          return Long.parseLong(limit);
        }
      }
    }
    return 0;
  }

  /** Where an engine without systemd puts its containers: of each controller, or of all of them. */
  private static List<Path> parents() {
    Set<Path> parents = new HashSet<>();
    try (DirectoryStream<Path> controllers = Files.newDirectoryStream(GROUPS)) {
      for (Path controller : controllers) {
        parents.add(controller.resolve("docker"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    parents.add(GROUPS.resolve("docker"));
    return parents.stream().filter(Files::isDirectory).toList();
  }

  /** Open files of this process. */
  static int openFiles() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(PROCESSES.resolve("self/fd"))) {
      int count = 0;
      for (Path file : files) {
        count += file.getNameCount() > 0 ? 1 : 0;
      }
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException gone) {
      return "";
    }
  }
}
