package io.funkhaus.scheduler.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's file that counts a control group's processor time, in nanoseconds. */
sealed interface ProcessorTime {
  long NANOS_PER_MICRO = 1_000;

  /** All that its processes have used since it was made. */
  long nanos() throws IOException;

  /** Version 1: a file with nothing else in it. */
  record OfVersion1(Path group) implements ProcessorTime {
    @Override
    public long nanos() throws IOException {
      return Long.parseLong(Files.readString(group.resolve("cpuacct.usage")).strip());
    }
  }

  /** Version 2: the first line of a file of several, in microseconds. */
  record OfVersion2(Path group) implements ProcessorTime {
    private static final String FIRST = "usage_usec ";

    @Override
    public long nanos() throws IOException {
      String lines = Files.readString(group.resolve("cpu.stat"));
      if (!lines.startsWith(FIRST)) {
        throw new IOException("the control group does not count processor time: " + group);
      }
      return NANOS_PER_MICRO
          * Long.parseLong(lines.lines().findFirst().orElse(FIRST).substring(FIRST.length()));
    }
  }
}
