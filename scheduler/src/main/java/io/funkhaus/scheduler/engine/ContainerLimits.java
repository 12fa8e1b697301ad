package io.funkhaus.scheduler.engine;

/**
 * What the kernel lets a container use. Set at its creation, and once more when a stem becomes a
 * function's sandbox.
 *
 * @param memoryBytes limit of memory, and of memory and swap together
 * @param nanoCpus processor time per second of real time, in billionths
 */
public record ContainerLimits(long memoryBytes, long nanoCpus) {
  private static final long MEBIBYTE = 1024L * 1024;
  private static final long NANOS_PER_CPU = 1_000_000_000L;

  /** One processor for each so many megabytes, as Lambda has it. */
  private static final int MEGABYTES_PER_CPU = 1769;

  public ContainerLimits {
    if (memoryBytes < 6 * MEBIBYTE) {
      throw new IllegalArgumentException("memory must be at least 6 MB, was " + memoryBytes);
    }
    if (nanoCpus < 1) {
      throw new IllegalArgumentException(
          "nanoCpus must be at least 1 (the engine takes 0 for unlimited), was " + nanoCpus);
    }
  }

  /**
   * What a function of so much memory gets.
   *
   * @param hostCpus processors of the host: the cap
   */
  public static ContainerLimits of(int memoryMegabytes, int hostCpus) {
    int wanted = Math.ceilDiv(memoryMegabytes, MEGABYTES_PER_CPU);
    int cpus = Math.clamp(wanted, 1, Math.max(1, hostCpus));
    return new ContainerLimits(memoryMegabytes * MEBIBYTE, cpus * NANOS_PER_CPU);
  }
}
