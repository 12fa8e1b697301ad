package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.engine.ContainerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container's control group, by the kernel's own files: reads its use of memory (the files are
 * found once per sandbox and kept open: two system calls per invocation, where the engine's API
 * would take a second) and sets its limits (well under a millisecond, where the engine takes tens).
 *
 * <p>How much its processes want of the processors is read from their own files, opened each time.
 *
 * <p>Where the files cannot be found (the service runs inside a container that does not see the
 * host's control groups), peak memory is unknown (-1), a kill for memory is learnt from the engine
 * after the end, and limits are the engine's to set.
 */
final class ControlGroup {
  static final ControlGroup UNSEEN = new ControlGroup(null, null, null, null, "");
  static final long UNKNOWN_COUNT = -1;

  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final Path PROCESSES = Path.of("/proc");
  private static final String MEMBERS = "cgroup.procs";
  private static final List<String> PLACES =
      List.of("docker/%s", "system.slice/docker-%s.scope", "docker.slice/docker-%s.scope");

  private final @Nullable FileChannel peak;
  private final @Nullable FileChannel events;
  private final @Nullable LimitFiles limits;
  private final @Nullable RunnableTime runnable;
  private final String reset;

  /** What was written last; 0 for what it was made with. */
  private volatile int weight;

  private ControlGroup(
      @Nullable FileChannel peak,
      @Nullable FileChannel events,
      @Nullable LimitFiles limits,
      @Nullable RunnableTime runnable,
      String reset) {
    this.peak = peak;
    this.events = events;
    this.limits = limits;
    this.runnable = runnable;
    this.reset = reset;
  }

  /** That of a running container, or {@link #UNSEEN}. */
  static ControlGroup of(String container) {
    for (String place : PLACES) {
      ControlGroup group = at(ROOT, place.formatted(container));
      if (group != UNSEEN) {
        return group;
      }
    }
    return UNSEEN;
  }

  /** Under either version of control groups. */
  static ControlGroup at(Path root, String name) {
    Path memory = root.resolve("memory").resolve(name);
    if (Files.isDirectory(memory)) {
      return new ControlGroup(
          openWritable(memory.resolve("memory.max_usage_in_bytes")),
          openReadable(memory.resolve("memory.oom_control")),
          new LimitFiles.OfVersion1(memory, root.resolve("cpu").resolve(name)),
          new RunnableTime(memory.resolve(MEMBERS), PROCESSES),
          "0");
    }
    Path unified = root.resolve(name);
    if (Files.isDirectory(unified)) {
      return new ControlGroup(
          openWritable(unified.resolve("memory.peak")),
          openReadable(unified.resolve("memory.events")),
          new LimitFiles.OfVersion2(unified),
          new RunnableTime(unified.resolve(MEMBERS), PROCESSES),
          "reset");
    }
    return UNSEEN;
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

  // ---- limits ----

  /**
   * From now on the container may use so much.
   *
   * @return false when that is the engine's to do: the files are not there or not ours to write
   */
  boolean limit(ContainerLimits wanted) {
    if (limits == null) {
      return false;
    }
    try {
      limits.set(wanted);
      return true;
    } catch (IOException notOurs) {
      return false;
    }
  }

  /**
   * From now on it weighs so much when there is less processor time than wanted. Where the files
   * are not ours, it keeps the weight it was made with.
   *
   * @param shares 1024 is normal, 2 the least
   */
  void weigh(int shares) {
    if (limits == null || shares == weight) {
      return;
    }
    weight = shares;
    try {
      limits.weigh(shares);
    } catch (IOException notOursOrGone) {
      return;
    }
  }

  // ---- processors ----

  /**
   * How long its processes have run or waited for a processor, in nanoseconds, or {@link
   * #UNKNOWN_COUNT}.
   */
  long runnableNanos() {
    if (runnable == null) {
      return UNKNOWN_COUNT;
    }
    try {
      return runnable.nanos();
    } catch (IOException unseenOrGone) {
      return UNKNOWN_COUNT;
    }
  }

  // ---- memory ----

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
    } catch (IOException | NonWritableChannelException keepsCounting) {
      return;
    }
  }

  /** The highest use since the last reset, or {@link #UNKNOWN_COUNT}. */
  long peakBytes() {
    String text = read(peak);
    return text.isEmpty() ? UNKNOWN_COUNT : Long.parseLong(text.strip());
  }

  /** How many processes the kernel has killed for memory, or {@link #UNKNOWN_COUNT}. */
  long kills() {
    for (String line : read(events).split("\n", -1)) {
      if (line.startsWith("oom_kill ")) {
        return Long.parseLong(line.substring("oom_kill ".length()).strip());
      }
    }
    return UNKNOWN_COUNT;
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
