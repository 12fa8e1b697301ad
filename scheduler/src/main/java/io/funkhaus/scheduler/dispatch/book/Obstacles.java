package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Waiting.Reason;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.Limits;

/**
 * What is in the way of those who wait in a line: the first that is, in the order in which limits
 * are checked.
 */
final class Obstacles {
  private final Limits limits;
  private final Capacity capacity;

  Obstacles(Limits limits, Capacity capacity) {
    this.limits = limits;
    this.capacity = capacity;
  }

  Reason of(Line<?> line) {
    if (!line.share.tenantHasPlace()) {
      return Reason.TENANT_CONCURRENCY;
    }
    if (line.share.atMaximum() || atLimitOfVersion(line)) {
      return Reason.FUNCTION_CONCURRENCY;
    }
    if (line.lacksMemory) {
      return Reason.MEMORY_BUDGET;
    }
    if (line.pool.startingCount() > 0) {
      return Reason.SANDBOX_START;
    }
    return line.wantsStart ? Reason.PARALLEL_STARTS : Reason.BUSY_SANDBOXES;
  }

  private boolean atLimitOfVersion(Line<?> line) {
    return line.pool.size() >= limits.functionConcurrency() && line.pool.startingCount() == 0;
  }

  /** In few words: the limit or the thing, and its value. */
  String words(Line<?> line, Reason reason) {
    SandboxSpec spec = line.pool.spec();
    return switch (reason) {
      case TENANT_CONCURRENCY -> ofTenant(line.tenant);
      case FUNCTION_CONCURRENCY -> ofFunction(line);
      case MEMORY_BUDGET ->
          "host memory %d of %d MB given out, %d MB needed"
              .formatted(
                  capacity.reservedBytes() >> 20,
                  capacity.budgetBytes() >> 20,
                  spec.memoryMegabytes());
      case SANDBOX_START -> "a sandbox is being started";
      case PARALLEL_STARTS ->
          "%d of %d parallel starts of the host under way"
              .formatted(limits.parallelStarts(), limits.parallelStarts());
      case BUSY_SANDBOXES -> ofSandboxes(line);
    };
  }

  private static String ofSandboxes(Line<?> line) {
    int sandboxes = line.pool.size();
    if (!line.width.admits()) {
      return "the processors are busy, %d of this version run at a time, and one soon ends"
          .formatted(line.width.places());
    }
    if (line.crowd && sandboxes > 1) {
      return "the %d sandboxes of this version keep the processors busy, and one is soon free"
          .formatted(sandboxes);
    }
    return sandboxes == 1
        ? "the only sandbox of this version is busy, and soon free"
        : "all %d sandboxes of this version are busy, and one soon free".formatted(sandboxes);
  }

  private static String ofTenant(Tenant<?> tenant) {
    return tenant.running >= tenant.limit
        ? "workspace limit " + tenant.running + " of " + tenant.limit + " running"
        : "workspace limit "
            + tenant.sharedRunning
            + " of "
            + tenant.sharedLimit()
            + " running beside "
            + tenant.reserved
            + " places reserved for functions";
  }

  private String ofFunction(Line<?> line) {
    FunctionShare<?> share = line.share;
    return share.atMaximum()
        ? "function limit " + share.running() + " of " + share.maximum() + " running"
        : "sandbox limit "
            + line.pool.size()
            + " of "
            + limits.functionConcurrency()
            + " of one version";
  }
}
