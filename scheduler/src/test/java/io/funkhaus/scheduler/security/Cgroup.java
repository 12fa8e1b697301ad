package io.funkhaus.scheduler.security;

import io.funkhaus.scheduler.Docker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel counts for one container, read past the engine, under either version of control
 * groups.
 */
final class Cgroup {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final Path processor;
  private final Path processes;

  private Cgroup(Path processor, Path processes) {
    this.processor = processor;
    this.processes = processes;
  }

  /** That of a running container. */
  static Cgroup of(String container) {
    Map<String, String> paths = new HashMap<>();
    for (String line : lines(Path.of("/proc", String.valueOf(Docker.pid(container)), "cgroup"))) {
      String[] fields = line.split(":", 3);
      for (String controller : fields[1].split(",", -1)) {
        paths.put(controller, fields[2]);
      }
    }
    return new Cgroup(directory(paths, "cpuacct"), directory(paths, "pids"));
  }

  private static Path directory(Map<String, String> paths, String controller) {
    String path = paths.get(controller);
    return path == null ? Path.of(ROOT + paths.get("")) : Path.of(ROOT + "/" + controller + path);
  }

  /** Processor time used so far. */
  Duration processorTime() {
    Path old = processor.resolve("cpuacct.usage");
    if (Files.exists(old)) {
      return Duration.ofNanos(Long.parseLong(lines(old).getFirst()));
    }
    return lines(processor.resolve("cpu.stat")).stream()
        .filter(line -> line.startsWith("usage_usec "))
        .map(line -> Duration.ofNanos(1000 * Long.parseLong(line.substring(11))))
        .findFirst()
        .orElseThrow();
  }

  /** Processes and threads now. */
  int size() {
    return Integer.parseInt(lines(processes.resolve("pids.current")).getFirst());
  }

  /** The host's numbers of the processes in it; none when it has been removed. */
  List<Long> members() {
    Path members = processes.resolve("cgroup.procs");
    return Files.exists(members) ? lines(members).stream().map(Long::valueOf).toList() : List.of();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
