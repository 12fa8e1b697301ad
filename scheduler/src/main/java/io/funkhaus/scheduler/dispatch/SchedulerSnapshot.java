package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Waiting;
import io.funkhaus.scheduler.dispatch.book.Line;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.stem.StemCount;
import java.util.List;
import java.util.Map;

/**
 * What the scheduler has and does at one moment: for metrics and operators.
 *
 * @param waiting invocations without a sandbox
 * @param waitingFor what they wait for
 * @param starting sandboxes on their way in
 * @param frozen sandboxes whose processes are stopped while nobody calls; among the idle ones
 * @param leaving sandboxes on their way out
 * @param stems containers that wait for a function, by kind
 * @param starts successful starts since the service runs, by what they were made from
 * @param refusals by limit, since the service runs
 * @param destroys by reason, since the service runs
 * @param engineAvailable whether the container engine answers
 */
public record SchedulerSnapshot(
    List<PoolSnapshot> pools,
    int waiting,
    Map<Waiting.Reason, Integer> waitingFor,
    int starting,
    int frozen,
    int leaving,
    long memoryReservedBytes,
    long memoryBudgetBytes,
    List<StemCount> stems,
    Map<StartKind, Long> starts,
    Map<Refusal.Limit, Long> refusals,
    Map<DestroyReason, Long> destroys,
    boolean engineAvailable) {

  public SchedulerSnapshot {
    pools = List.copyOf(pools);
    waitingFor = Map.copyOf(waitingFor);
    stems = List.copyOf(stems);
    starts = Map.copyOf(starts);
    refusals = Map.copyOf(refusals);
    destroys = Map.copyOf(destroys);
  }

  /** The sandboxes of one function version. */
  public record PoolSnapshot(
      String tenant,
      String function,
      String version,
      int idle,
      int busy,
      int starting,
      int waiting) {

    static PoolSnapshot of(Line<?> line) {
      SandboxSpec spec = line.spec();
      return new PoolSnapshot(
          spec.tenant(),
          spec.function(),
          spec.version(),
          line.idle(),
          line.busy(),
          line.starting(),
          line.waiting());
    }
  }
}
