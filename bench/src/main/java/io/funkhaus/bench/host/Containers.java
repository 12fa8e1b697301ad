package io.funkhaus.bench.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Containers on this machine's engine, and what their control groups say. */
public final class Containers {
  public static final String LABEL = "io.funkhaus.bench";

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final Duration ASKED = Duration.ofMinutes(1);

  private final Children children;

  public Containers(Children children) {
    this.children = children;
  }

  /** A container that runs. */
  public record Running(String id, long pid) {}

  /** Those with this label. */
  public List<Running> withLabel(String label) throws IOException, InterruptedException {
    List<String> ids = ids(label);
    if (ids.isEmpty()) {
      return List.of();
    }
    List<String> command =
        new ArrayList<>(List.of("docker", "inspect", "--format", "{{.Id}} {{.State.Pid}}"));
    command.addAll(ids);
    return children
        .run(command, ASKED)
        .lines()
        .map(line -> line.split(" ", -1))
        .map(parts -> new Running(parts[0], Long.parseLong(parts[1])))
        .toList();
  }

  private List<String> ids(String label) throws IOException, InterruptedException {
    return children
        .run(List.of("docker", "ps", "-q", "--no-trunc", "--filter", "label=" + label), ASKED)
        .lines()
        .toList();
  }

  /** Starts a container that only has Node.js in it, idle. */
  public void startBareNode(String image, String label) throws IOException, InterruptedException {
    children.run(
        List.of(
            "docker",
            "run",
            "-d",
            "--rm",
            "--network",
            "none",
            "--label",
            label,
            "--entrypoint",
            "/var/lang/bin/node",
            image,
            "-e",
            "setInterval(() => {}, 1e9)"),
        ASKED);
  }

  public void removeAll(String label) throws IOException, InterruptedException {
    List<String> ids = ids(label);
    if (!ids.isEmpty()) {
      List<String> command = new ArrayList<>(List.of("docker", "rm", "-f"));
      command.addAll(ids);
      children.run(command, Duration.ofMinutes(2));
    }
  }

  public static boolean frozen(Running container) {
    return read(container, "freezer", "freezer.state").filter("FROZEN"::equals).isPresent()
        || read(container, "", "cgroup.events")
            .filter(text -> text.contains("frozen 1"))
            .isPresent();
  }

  /** CPU used since its start. */
  public static OptionalLong cpuNanos(Running container) {
    Optional<String> first = read(container, "cpuacct", "cpuacct.usage");
    if (first.isPresent()) {
      return OptionalLong.of(Long.parseLong(first.get()));
    }
    return read(container, "", "cpu.stat").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("usage_usec "))
        .mapToLong(line -> Long.parseLong(line.substring("usage_usec ".length())) * 1000)
        .findFirst();
  }

  /** CPU used by all that have this label, since their starts. */
  public double cpuSeconds(String label) throws IOException, InterruptedException {
    return withLabel(label).stream().mapToLong(container -> cpuNanos(container).orElse(0)).sum()
        / 1e9;
  }

  /** Its processes and the shim that holds them. */
  public static Set<Long> processes(Running container) {
    Set<Long> all = new HashSet<>();
    Stream.of("memory", "")
        .flatMap(controller -> read(container, controller, "cgroup.procs").stream())
        .flatMap(String::lines)
        .forEach(line -> all.add(Long.parseLong(line.strip())));
    all.add(container.pid());
    ProcessStat.of(container.pid()).ifPresent(init -> all.add(init.parent()));
    return all;
  }

  /**
   * A file of a container's control group.
   *
   * @param controller of version 1; empty for version 2
   */
  private static Optional<String> read(Running container, String controller, String file) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", "" + container.pid(), "cgroup"))) {
        String[] parts = line.split(":", 3);
        boolean wanted =
            controller.isEmpty()
                ? parts[1].isEmpty()
                : List.of(parts[1].split(",")).contains(controller);
        if (wanted) {
          Path mount = controller.isEmpty() ? CGROUPS : CGROUPS.resolve(controller);
          return Optional.of(
              Files.readString(mount.resolve(parts[2].substring(1)).resolve(file)).strip());
        }
      }
    } catch (IOException gone) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
