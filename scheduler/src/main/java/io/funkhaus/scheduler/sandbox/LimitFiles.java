package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.engine.ContainerLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The kernel's files that hold a control group's limits. */
sealed interface LimitFiles {
  long PERIOD_MICROS = 100_000;
  long NANOS_PER_SECOND = 1_000_000_000;

  /** Sets them all, or throws. */
  void set(ContainerLimits limits) throws IOException;

  /**
   * Weight for processor time against the others of the same parent.
   *
   * @param shares 1024 is normal, 2 the least
   */
  void weigh(int shares) throws IOException;

  /**
   * Version 1: a hierarchy per controller. The limit of memory and swap together may never be below
   * that of memory alone, which decides the order; where swap is not counted, its file is missing.
   */
  record OfVersion1(Path memory, Path cpu) implements LimitFiles {
    @Override
    public void set(ContainerLimits limits) throws IOException {
      Path alone = memory.resolve("memory.limit_in_bytes");
      Path withSwap = memory.resolve("memory.memsw.limit_in_bytes");
      String bytes = String.valueOf(limits.memoryBytes());
      boolean grows = limits.memoryBytes() > Long.parseLong(Files.readString(alone).strip());
      boolean countsSwap = Files.exists(withSwap);
      if (countsSwap && grows) {
        write(withSwap, bytes);
      }
      write(alone, bytes);
      if (countsSwap && !grows) {
        write(withSwap, bytes);
      }
      write(cpu.resolve("cpu.cfs_period_us"), String.valueOf(PERIOD_MICROS));
      write(cpu.resolve("cpu.cfs_quota_us"), String.valueOf(quotaMicros(limits)));
    }

    @Override
    public void weigh(int shares) throws IOException {
      write(cpu.resolve("cpu.shares"), String.valueOf(shares));
    }
  }

  /**
   * Version 2: one hierarchy. Swap has a limit of its own; where it is off, its file is missing.
   */
  record OfVersion2(Path group) implements LimitFiles {
    @Override
    public void set(ContainerLimits limits) throws IOException {
      Path swap = group.resolve("memory.swap.max");
      if (Files.exists(swap)) {
        write(swap, "0");
      }
      write(group.resolve("memory.max"), String.valueOf(limits.memoryBytes()));
      write(group.resolve("cpu.max"), quotaMicros(limits) + " " + PERIOD_MICROS);
    }

    /** Here 100 is normal, and 1 the least. */
    @Override
    public void weigh(int shares) throws IOException {
      write(group.resolve("cpu.weight"), String.valueOf(Math.max(1, shares * 100 / 1024)));
    }
  }

  private static long quotaMicros(ContainerLimits limits) {
    return limits.nanoCpus() / (NANOS_PER_SECOND / PERIOD_MICROS);
  }

  private static void write(Path file, String value) throws IOException {
    Files.write(file, value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
  }
}
