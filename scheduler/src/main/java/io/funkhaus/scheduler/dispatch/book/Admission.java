package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Waiting.Reason;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who may wait. Asks cheaply and before anything is done: a refusal now is better than one after
 * the longest wait. Knows no sandbox.
 */
final class Admission {
  private static final int LONGEST_RETRY_SECONDS = 60;

  private final Limits limits;
  private final Capacity capacity;
  private final Obstacles obstacles;
  private final WaitingRoom<?> room;
  private final RandomGenerator random;

  Admission(
      Limits limits,
      Capacity capacity,
      Obstacles obstacles,
      WaitingRoom<?> room,
      RandomGenerator random) {
    this.limits = limits;
    this.capacity = capacity;
    this.obstacles = obstacles;
    this.room = room;
    this.random = random;
  }

  /** The limits in the order in which they are checked; null when the invocation may wait. */
  @Nullable Refusal refusal(Line<?> line, long now) {
    SandboxSpec spec = line.pool.spec();
    if (line.pool.memoryBytes() > capacity.budgetBytes()) {
      return Refusals.larger(spec, capacity.budgetBytes());
    }
    if (line.share.maximum() == 0) {
      return Refusals.paused(spec);
    }
    if (line.tenant.waiting >= limits.queuePerTenant()) {
      return fullForTenant(line);
    }
    if (!room.admits(line.tenant)) {
      return full(line, room.fairShare(line.tenant));
    }
    long backoff = line.pool.backoffNanos(now);
    if (backoff > 0 && line.pool.size() == 0) {
      return Refusals.initBackoff(spec, line.pool.failures(), line.pool.lastFailure(), backoff);
    }
    return wouldWaitTooLong(line);
  }

  private Refusal fullForTenant(Line<?> line) {
    Reason reason = obstacles.of(line);
    return Refusals.tenantQueueFull(
        line.tenant.waiting,
        limits.queuePerTenant(),
        obstacles.words(line, reason),
        retryAfter(line, reason));
  }

  private Refusal full(Line<?> line, int share) {
    Reason reason = obstacles.of(line);
    return Refusals.queueFull(
        room.size(),
        room.places(),
        line.tenant.waiting,
        share,
        obstacles.words(line, reason),
        retryAfter(line, reason));
  }

  /** Whoever could only be refused later is refused now. */
  private @Nullable Refusal wouldWaitTooLong(Line<?> line) {
    Reason reason = obstacles.of(line);
    long nanos = turnNanos(line, reason, 1);
    if (nanos <= limits.queueWait().toNanos()) {
      return null;
    }
    String wait =
        "a new one would wait for about %d s, the longest is %d ms"
            .formatted(Math.ceilDiv(nanos, 1_000_000_000L), limits.queueWait().toMillis());
    return because(line, reason, wait);
  }

  /**
   * The refusal of one who waits in this line.
   *
   * @param newcomer of the tenant who gets the place
   */
  Refusal displaced(Line<?> line, Line<?> newcomer) {
    return full(line, room.fairShare(newcomer.tenant));
  }

  /** The refusal that those in this line get when it has taken too long. */
  Refusal tooLate(Line<?> line) {
    long waitMillis = limits.queueWait().toMillis();
    return because(line, obstacles.of(line), "and none became free within " + waitMillis + " ms");
  }

  private Refusal because(Line<?> line, Reason reason, String wait) {
    SandboxSpec spec = line.pool.spec();
    String what = obstacles.words(line, reason) + "; " + wait;
    Duration retryAfter = retryAfter(line, reason);
    return switch (reason) {
      case TENANT_CONCURRENCY ->
          line.tenant.running >= line.tenant.limit
              ? Refusals.tenantConcurrency(what, retryAfter)
              : Refusals.reservedForOthers(what, retryAfter);
      case FUNCTION_CONCURRENCY ->
          line.share.atMaximum()
              ? Refusals.functionMaximum(spec, what, retryAfter)
              : Refusals.versionLimit(spec, what, retryAfter);
      case MEMORY_BUDGET -> Refusals.memoryBudget(spec, what, retryAfter);
      case SANDBOX_START, PARALLEL_STARTS, BUSY_SANDBOXES ->
          Refusals.queueWait(spec, what, retryAfter);
    };
  }

  /**
   * When so many newcomers would have had their turn, as far as that is known: 0 when it is not, or
   * when nothing but a start is waited for.
   */
  private static long turnNanos(Line<?> line, Reason reason, int newcomers) {
    Tenant<?> tenant = line.tenant;
    FunctionShare<?> share = line.share;
    return switch (reason) {
      case TENANT_CONCURRENCY ->
          drainNanos(tenant.waiting + newcomers, tenant.runNanos.value(), tenant.running);
      case FUNCTION_CONCURRENCY ->
          share.atMaximum()
              ? drainNanos(share.waiting + newcomers, share.runNanos().value(), share.running())
              : ofLine(line, newcomers);
      case MEMORY_BUDGET, BUSY_SANDBOXES -> ofLine(line, newcomers);
      case SANDBOX_START, PARALLEL_STARTS -> 0;
    };
  }

  private static long ofLine(Line<?> line, int newcomers) {
    return drainNanos(
        line.waiters.size() + newcomers, line.pool.meanRunNanos(), line.pool.leases());
  }

  private static long drainNanos(int waiting, long runNanos, int places) {
    return places == 0 ? 0 : waiting * runNanos / places;
  }

  /** When those who wait now will have been served; not the same for all who ask. */
  private Duration retryAfter(Line<?> line, Reason reason) {
    long drain = Math.ceilDiv(turnNanos(line, reason, 0), 1_000_000_000L);
    int seconds = Math.clamp(drain, 1, LONGEST_RETRY_SECONDS);
    return Duration.ofSeconds(seconds + random.nextInt(1 + Math.max(1, seconds / 4)));
  }
}
