package io.funkhaus.scheduler.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a container's use of memory from the kernel's own files, found once per sandbox and kept
 * open: two system calls per invocation, where the engine's API would take a second.
 *
 * <p>Where the files cannot be found (the service runs inside a container that does not see the
 * host's control groups), peak memory is unknown (-1), and a kill for memory is learnt from the
 * engine after the end.
 */
final class MemoryMeter {
  static final MemoryMeter UNKNOWN = new MemoryMeter(null, null, "");
  static final long UNKNOWN_BYTES = -1;

  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final List<String> PLACES =
      List.of("docker/%s", "system.slice/docker-%s.scope", "docker.slice/docker-%s.scope");

  private final @Nullable FileChannel peak;
  private final @Nullable FileChannel events;
  private final String reset;

  private MemoryMeter(@Nullable FileChannel peak, @Nullable FileChannel events, String reset) {
    this.peak = peak;
    this.events = events;
    this.reset = reset;
  }

  /** The meter of a running container, or {@link #UNKNOWN}. */
  static MemoryMeter of(String container) {
    for (String place : PLACES) {
      String directory = place.formatted(container);
      MemoryMeter meter =
          open(
              ROOT.resolve("memory").resolve(directory),
              "memory.max_usage_in_bytes",
              "memory.oom_control",
              "0");
      if (meter == UNKNOWN) {
        meter = open(ROOT.resolve(directory), "memory.peak", "memory.events", "reset");
      }
      if (meter != UNKNOWN) {
        return meter;
      }
    }
    return UNKNOWN;
  }

  private static MemoryMeter open(Path group, String peakFile, String eventsFile, String reset) {
    if (!Files.isDirectory(group)) {
      return UNKNOWN;
    }
    return new MemoryMeter(
        openWritable(group.resolve(peakFile)), openReadable(group.resolve(eventsFile)), reset);
  }

  private static @Nullable FileChannel openWritable(Path file) {
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException notWritable) {
      return openReadable(file);
    }
  }

  private static @Nullable FileChannel openReadable(Path file) {
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException unreadable) {
      return null;
    }
  }

  /**
   * Begins a new measurement. Where the kernel cannot (control groups version 2 before Linux 6.12),
   * the peak is that of the sandbox's whole life.
   */
  void reset() {
    if (peak == null) {
      return;
    }
    try {
      peak.write(ByteBuffer.wrap(reset.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException | java.nio.channels.NonWritableChannelException keepsCounting) {
      return;
    }
  }

  /** The highest use since the last reset, or {@link #UNKNOWN_BYTES}. */
  long peakBytes() {
    String text = read(peak);
    return text.isEmpty() ? UNKNOWN_BYTES : Long.parseLong(text.strip());
  }

  /** How many processes the kernel has killed for memory, or {@link #UNKNOWN_BYTES}. */
  long kills() {
    for (String line : read(events).split("\n", -1)) {
      if (line.startsWith("oom_kill ")) {
        return Long.parseLong(line.substring("oom_kill ".length()).strip());
      }
    }
    return UNKNOWN_BYTES;
  }

  private static String read(@Nullable FileChannel file) {
    if (file == null) {
      return "";
    }
    ByteBuffer bytes = ByteBuffer.allocate(256);
    try {
      int count = file.read(bytes, 0);
      return new String(bytes.array(), 0, Math.max(0, count), StandardCharsets.US_ASCII);
    } catch (IOException groupIsGone) {
      return "";
    }
  }

  void close() {
    closeQuietly(peak);
    closeQuietly(events);
  }

  private static void closeQuietly(@Nullable FileChannel file) {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException nothingToSave) {
      return;
    }
  }
}
