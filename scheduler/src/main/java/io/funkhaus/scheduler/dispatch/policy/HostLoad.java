package io.funkhaus.scheduler.dispatch.policy;

import io.funkhaus.scheduler.SandboxSpec;
import java.util.Set;

/**
 * How busy the host's processors are, and with whom.
 *
 * @param busy whether they have no time to spare
 * @param heavy the function versions that use much of their time
 */
public record HostLoad(boolean busy, Set<SandboxSpec> heavy) {
  public static final HostLoad NONE = new HostLoad(false, Set.of());

  public HostLoad {
    heavy = Set.copyOf(heavy);
  }

  /** Whether this one is what keeps them busy: more sandboxes of it would only take turns. */
  public boolean comesFrom(SandboxSpec spec) {
    return busy && heavy.contains(spec);
  }
}
