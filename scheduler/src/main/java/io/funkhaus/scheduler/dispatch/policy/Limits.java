package io.funkhaus.scheduler.dispatch.policy;

import java.time.Duration;

/**
 * What invocations may take, and whose each limit is.
 *
 * @param memoryBudgetBytes all sandboxes of this host together (the operator's)
 * @param parallelStarts containers that are started at the same time (the operator's)
 * @param tenantConcurrency invocations of one tenant that run at the same time (the operator's)
 * @param functionConcurrency sandboxes of one function version (the operator's)
 * @param queuePerTenant invocations of one tenant that wait (the operator's)
 * @param queueTotal invocations of all tenants that wait (the operator's)
 * @param queueWait how long one waits at most (the operator's)
 */
public record Limits(
    long memoryBudgetBytes,
    int parallelStarts,
    int tenantConcurrency,
    int functionConcurrency,
    int queuePerTenant,
    int queueTotal,
    Duration queueWait) {

  public Limits {
    positive("memoryBudgetBytes", memoryBudgetBytes);
    positive("parallelStarts", parallelStarts);
    positive("tenantConcurrency", tenantConcurrency);
    positive("functionConcurrency", functionConcurrency);
    positive("queuePerTenant", queuePerTenant);
    positive("queueTotal", queueTotal);
    positive("queueWait", queueWait.toNanos());
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
  }

  public static Limits ofMemory(long memoryBudgetBytes) {
    return new Limits(memoryBudgetBytes, 3, 100, 100, 500, 2_000, Duration.ofSeconds(15));
  }
}
