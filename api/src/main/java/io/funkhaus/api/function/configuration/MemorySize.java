package io.funkhaus.api.function.configuration;

import io.funkhaus.api.problem.InvalidValueException;

/** The hard limit of a sandbox's memory, in MB (MiB). */
public record MemorySize(int megabytes) {
  public static final int MIN = 128;
  public static final int MAX = 10_240;
  public static final MemorySize DEFAULT = new MemorySize(MIN);

  /** Refuses what is out of range. */
  public MemorySize {
    if (megabytes < MIN || megabytes > MAX) {
      throw new InvalidValueException(
          "memory", megabytes, "memory must be " + MIN + " to " + MAX + " MB, was " + megabytes);
    }
  }
}
