package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.pool.Lifetimes;
import io.funkhaus.scheduler.stem.StemSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How this installation's scheduler is to work. Checked once, here.
 *
 * @param instance names this installation among others that use the same engine; stays the same
 *     over restarts
 * @param dataDirectory sandboxes' directories are made in its {@code sandboxes}; code bundles
 *     should be on the same file system
 * @param limits what invocations may take
 * @param lifetimes how long sandboxes live
 * @param stems how many sandboxes wait for a function
 * @param startLimit from the request for a container until its language runtime has booted
 * @param initLimit from then until the function's module is loaded
 */
public record SchedulerSettings(
    String instance,
    Path dataDirectory,
    Limits limits,
    Lifetimes lifetimes,
    StemSettings stems,
    Duration startLimit,
    Duration initLimit) {

  public SchedulerSettings {
    if (!instance.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException(
          "instance must be 1 to 64 letters, digits, '.', '_' or '-', was '" + instance + "'");
    }
    if (!dataDirectory.isAbsolute()) {
      throw new IllegalArgumentException("dataDirectory must be absolute, was " + dataDirectory);
    }
  }

  /** Sensible settings for a host of which sandboxes may have this much memory. */
  public static SchedulerSettings of(String instance, Path dataDirectory, long memoryBudgetBytes) {
    return new SchedulerSettings(
        instance,
        dataDirectory,
        Limits.ofMemory(memoryBudgetBytes),
        Lifetimes.DEFAULT,
        StemSettings.DEFAULT,
        Duration.ofSeconds(20),
        Duration.ofSeconds(10));
  }

  public SchedulerSettings with(Limits newLimits) {
    return new SchedulerSettings(
        instance, dataDirectory, newLimits, lifetimes, stems, startLimit, initLimit);
  }

  public SchedulerSettings with(Lifetimes newLifetimes) {
    return new SchedulerSettings(
        instance, dataDirectory, limits, newLifetimes, stems, startLimit, initLimit);
  }

  public SchedulerSettings with(StemSettings newStems) {
    return new SchedulerSettings(
        instance, dataDirectory, limits, lifetimes, newStems, startLimit, initLimit);
  }

  Path sandboxes() {
    return dataDirectory.resolve("sandboxes");
  }
}
