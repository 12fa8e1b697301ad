package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.stem.StemCount;
import java.util.List;
import java.util.Map;

/**
 * What the scheduler has and does at one moment: for metrics and operators.
 *
 * @param waiting invocations without a sandbox
 * @param starting sandboxes on their way in
 * @param leaving sandboxes on their way out
 * @param stems containers that wait for a function, by kind
 * @param starts successful starts since the service runs
 * @param destroys by reason, since the service runs
 * @param engineAvailable whether the container engine answers
 */
public record SchedulerSnapshot(
    List<PoolSnapshot> pools,
    int waiting,
    int starting,
    int leaving,
    long memoryReservedBytes,
    long memoryBudgetBytes,
    List<StemCount> stems,
    long starts,
    Map<DestroyReason, Long> destroys,
    boolean engineAvailable) {

  public SchedulerSnapshot {
    pools = List.copyOf(pools);
    stems = List.copyOf(stems);
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
      int waiting) {}
}
