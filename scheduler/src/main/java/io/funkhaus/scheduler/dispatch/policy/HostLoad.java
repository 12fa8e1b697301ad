package io.funkhaus.scheduler.dispatch.policy;

import io.funkhaus.scheduler.SandboxSpec;
import java.util.Set;

/**
 * What is known of the host's processors.
 *
 * @param busy whether they have no time to spare
 * @param crowds the function versions that alone want more of them than there are: another sandbox
 *     of such a one would only take turns with the others
 */
public record HostLoad(boolean busy, Set<SandboxSpec> crowds) {
  public static final HostLoad NONE = new HostLoad(false, Set.of());

  public HostLoad {
    crowds = Set.copyOf(crowds);
  }
}
