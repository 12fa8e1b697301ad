package io.funkhaus.scheduler.fairness;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What each sandbox weighs when there is less processor time than wanted: tenants weigh alike,
 * however many sandboxes they have in use; within a tenant, memory decides. Knows no kernel and no
 * clock.
 *
 * <p>What must not be broken: all sandboxes in use of one tenant together never weigh more than
 * {@link #OF_A_TENANT}, but for those that have come down to {@link #LEAST}.
 */
final class Weights {

  /** Where 1024 is normal, for one process of the service, say. */
  static final int OF_A_TENANT = 512;

  /** The kernel takes no less. */
  static final int LEAST = 2;

  /** A sandbox, as far as its weight goes. */
  record Claim(String tenant, int memoryMegabytes, boolean inUse) {}

  private final Map<String, Long> megabytesInUse = new HashMap<>();

  Weights(Collection<Claim> all) {
    for (Claim claim : all) {
      if (claim.inUse()) {
        megabytesInUse.merge(claim.tenant(), (long) claim.memoryMegabytes(), Long::sum);
      }
    }
  }

  /**
   * Of one that is not in use: what it would weigh if it were, because it may be at any moment.
   * Only powers of two, so that it does not change with every invocation.
   */
  int of(Claim claim) {
    long own = claim.memoryMegabytes();
    long others = megabytesInUse.getOrDefault(claim.tenant(), 0L) - (claim.inUse() ? own : 0);
    long share = OF_A_TENANT * own / (own + others);
    return (int) Math.max(LEAST, Long.highestOneBit(share));
  }
}
