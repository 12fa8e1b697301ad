package io.funkhaus.scheduler.dispatch.policy;

import io.funkhaus.scheduler.SandboxSpec;
import java.util.Set;

/**
 * What is known of the host's processors.
 *
 * @param idle the part of their time that nobody used of late, 0 to 1
 * @param crowds the function versions that alone want more of them than there are: another sandbox
 *     of such a one would only take turns with the others
 */
public record HostLoad(double idle, Set<SandboxSpec> crowds) {
  public static final HostLoad NONE = new HostLoad(1, Set.of());

  private static final double BUSY = 0.1;
  private static final double SPARE = 0.2;

  public HostLoad {
    if (!(idle >= 0 && idle <= 1)) {
      throw new IllegalArgumentException("idle must be 0 to 1, was " + idle);
    }
    crowds = Set.copyOf(crowds);
  }

  /** Whether so little is idle that more at a time would only take turns. */
  public static boolean busy(double idle) {
    return idle < BUSY;
  }

  public boolean busy() {
    return busy(idle);
  }

  /** Whether there is time for more. Between the two nothing is known. */
  public boolean spare() {
    return idle > SPARE;
  }
}
