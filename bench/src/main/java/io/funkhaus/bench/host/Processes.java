package io.funkhaus.bench.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Questions to {@code /proc}. */
public final class Processes {
  private static final Path PROC = Path.of("/proc");

  private Processes() {}

  /** Seconds since the machine was started. */
  public static double uptime() throws IOException {
    return Double.parseDouble(Files.readString(PROC.resolve("uptime")).split(" ", 2)[0]);
  }

  /** A field of {@code /proc/meminfo}, in bytes. */
  public static long memory(String field) throws IOException {
    return kilobytes(PROC.resolve("meminfo"), field).orElseThrow() * 1024;
  }

  /** Resident memory, shared pages counted in full. */
  public static OptionalLong resident(long pid) {
    return bytes(pid, "status", "VmRSS");
  }

  /** Resident memory, shared pages divided among those who share them. */
  public static OptionalLong proportional(long pid) {
    return bytes(pid, "smaps_rollup", "Pss");
  }

  private static OptionalLong bytes(long pid, String file, String field) {
    try {
      OptionalLong kilobytes = kilobytes(PROC.resolve(Long.toString(pid)).resolve(file), field);
      return kilobytes.isPresent()
          ? OptionalLong.of(kilobytes.getAsLong() * 1024)
          : OptionalLong.empty();
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong kilobytes(Path file, String field) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst();
  }

  /** All processes whose parent is this one, and this one. */
  public static List<ProcessStat> withChildren(long pid) throws IOException {
    try (Stream<Path> all = Files.list(PROC)) {
      return all.filter(path -> path.getFileName().toString().chars().allMatch(Character::isDigit))
          .map(path -> ProcessStat.read(path.resolve("stat")))
          .flatMap(Optional::stream)
          .filter(stat -> stat.pid() == pid || stat.parent() == pid)
          .toList();
    }
  }

  /** The threads of a process that have this name. */
  public static List<ProcessStat> threads(long pid, String name) throws IOException {
    try (Stream<Path> all = Files.list(PROC.resolve(Long.toString(pid)).resolve("task"))) {
      return all.map(path -> ProcessStat.read(path.resolve("stat")))
          .flatMap(Optional::stream)
          .filter(stat -> stat.name().equals(name))
          .toList();
    }
  }
}
