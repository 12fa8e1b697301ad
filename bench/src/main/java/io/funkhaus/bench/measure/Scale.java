package io.funkhaus.bench.measure;

import java.time.Duration;

/**
 * How much is measured: all of it, or as much as fits into three minutes.
 *
 * @param rounds of the warm measurement, interleaved over all servers
 * @param warmUp the longest time that a server may take until its rate does not rise any more
 * @param warm length of one run of wrk
 * @param recording length of the run whose records are counted
 * @param firstCalls new versions that are published and called
 * @param processStarts of bare Node.js
 * @param sleepers how long callers of the slow function are measured
 * @param sandboxes that stand idle at the same time
 * @param bareContainers they are compared with
 * @param functions that are deployed
 * @param overload length of the overload and of each part with a noisy neighbour
 */
public record Scale(
    int rounds,
    Duration warmUp,
    Duration warm,
    Duration recording,
    int firstCalls,
    int processStarts,
    Duration sleepers,
    int sandboxes,
    int bareContainers,
    int functions,
    Duration overload) {

  /**
   * The sandboxes of a smaller machine take no more than two thirds of its memory at 30 MB each.
   */
  public static Scale full(long machineBytes) {
    return new Scale(
        3,
        Duration.ofSeconds(90),
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        100,
        40,
        Duration.ofSeconds(10),
        (int) Math.min(500, machineBytes / 3 * 2 / 30_000_000),
        40,
        10_000,
        Duration.ofSeconds(20));
  }

  public static Scale quick() {
    return new Scale(
        1,
        Duration.ofSeconds(20),
        Duration.ofSeconds(2),
        Duration.ofSeconds(8),
        12,
        15,
        Duration.ofSeconds(3),
        25,
        8,
        500,
        Duration.ofSeconds(6));
  }
}
