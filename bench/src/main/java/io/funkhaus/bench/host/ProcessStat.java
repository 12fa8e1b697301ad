package io.funkhaus.bench.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says of a process or a thread.
 *
 * @param ticks of CPU, in user and kernel mode
 * @param childTicks of the children it has waited for
 * @param startTicks since the machine was started
 */
public record ProcessStat(
    long pid, String name, long parent, long ticks, long childTicks, long startTicks) {
  /** USER_HZ, which Linux shows to user space on every architecture. */
  public static final int TICKS_PER_SECOND = 100;

  public static Optional<ProcessStat> of(long pid) {
    return read(Path.of("/proc", Long.toString(pid), "stat"));
  }

  static Optional<ProcessStat> read(Path file) {
    try {
      return Optional.of(parse(Files.readString(file, StandardCharsets.ISO_8859_1)));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  static ProcessStat parse(String line) {
    int open = line.indexOf('(');
    int close = line.lastIndexOf(')');
    String[] rest = line.substring(close + 2).strip().split(" ", -1);
    return new ProcessStat(
        Long.parseLong(line.substring(0, open).strip()),
        line.substring(open + 1, close),
        Long.parseLong(rest[1]),
        Long.parseLong(rest[11]) + Long.parseLong(rest[12]),
        Long.parseLong(rest[13]) + Long.parseLong(rest[14]),
        Long.parseLong(rest[19]));
  }

  /** Names one process for ever, in the launcher's spelling. */
  String identity() {
    return pid + " " + startTicks + "\n";
  }
}
