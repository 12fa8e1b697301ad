package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.SandboxSpec;
import org.jspecify.annotations.Nullable;

/**
 * Which limit is in the way of an invocation. Asks cheaply and before anything is done; knows no
 * sandbox.
 */
final class Admission {
  private final Limits limits;
  private final Capacity capacity;

  Admission(Limits limits, Capacity capacity) {
    this.limits = limits;
    this.capacity = capacity;
  }

  /**
   * The limits in the order in which they are checked; null when the invocation may wait.
   *
   * @param waiting invocations of all tenants that wait already
   */
  @Nullable Refusal refusal(Line<?> line, int waiting, long now) {
    SandboxSpec spec = line.pool.spec();
    if (line.pool.memoryBytes() > capacity.budgetBytes()) {
      return Refusals.larger(spec, capacity.budgetBytes());
    }
    if (waiting >= limits.queueTotal()) {
      return Refusals.queueFull(
          "of all workspaces", waiting, limits.queueTotal(), because(line).message());
    }
    int own = line.tenant.waiting;
    if (own >= limits.queuePerTenant()) {
      return Refusals.queueFull(
          "of this workspace", own, limits.queuePerTenant(), because(line).message());
    }
    long backoff = line.pool.backoffNanos(now);
    if (backoff > 0 && line.pool.size() == 0) {
      return Refusals.initBackoff(spec, line.pool.failures(), line.pool.lastFailure(), backoff);
    }
    return null;
  }

  /** What those in this line wait for, as the refusal that they get when it takes too long. */
  Refusal because(Line<?> line) {
    SandboxSpec spec = line.pool.spec();
    long waitMillis = limits.queueWait().toMillis();
    String waited = ", and none became free within " + waitMillis + " ms";
    if (line.tenant.running >= limits.tenantConcurrency()) {
      return Refusals.tenantConcurrency(line.tenant.running, limits.tenantConcurrency(), waited);
    }
    if (line.pool.size() >= limits.functionConcurrency()) {
      return Refusals.functionConcurrency(
          spec, line.pool.size(), limits.functionConcurrency(), waited);
    }
    if (line.lacksMemory) {
      return Refusals.memoryBudget(spec, capacity, waited);
    }
    return Refusals.queueWait(spec, waitMillis);
  }
}
