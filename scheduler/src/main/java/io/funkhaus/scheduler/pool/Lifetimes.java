package io.funkhaus.scheduler.pool;

import java.time.Duration;

/**
 * How long sandboxes live.
 *
 * @param idle an idle one is destroyed after this time (a little more or less for each)
 * @param age and any after this time, as soon as it is not running
 * @param freezeAfter the processes of an idle one are stopped after this time, until it is used
 *     again
 * @param initBackoff how long a version whose module does not load is refused at once
 * @param initFailures after so many failures in a row
 */
public record Lifetimes(
    Duration idle, Duration age, Duration freezeAfter, Duration initBackoff, int initFailures) {
  public static final Lifetimes DEFAULT =
      new Lifetimes(
          Duration.ofMinutes(10),
          Duration.ofHours(4),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          3);
}
