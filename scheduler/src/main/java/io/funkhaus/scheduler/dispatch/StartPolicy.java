package io.funkhaus.scheduler.dispatch;

/**
 * Wait or start? Decides how many sandboxes more a function needs, from how many wait, how long a
 * run takes and how long a start takes. Pure.
 *
 * <p>A burst of runs of 0.1 ms is over before a second sandbox could be there: none is started. A
 * burst of runs of 10 s is not: one for each is started. And whoever has found a queue again and
 * again for longer than a start takes would have done better to start: then the pool grows although
 * each single wait is short, up to the number of processors at once, beyond that only while the
 * waits are long enough to be felt.
 */
final class StartPolicy {
  private static final long FELT_NANOS = 10_000_000;

  /** More than anybody may have. */
  private static final double MANY = 1_000_000;

  private final int processors;

  StartPolicy(int processors) {
    this.processors = processors;
  }

  /**
   * What is known of one function version now.
   *
   * @param waiting invocations without a sandbox
   * @param backlogNanos for how long there has been at least one
   */
  record Demand(
      int waiting, int busy, int starting, long runNanos, long startNanos, long backlogNanos) {}

  /** How many starts more, none when all is well. */
  int starts(Demand demand) {
    if (demand.waiting() == 0) {
      return 0;
    }
    int servers = Math.max(needed(demand), grown(demand));
    int more = servers - demand.busy() - demand.starting();
    return Math.clamp(more, 0, Math.max(0, demand.waiting() - demand.starting()));
  }

  /** So many that all who wait are served within the time of a start. */
  private static int needed(Demand demand) {
    double work = (double) demand.waiting() * demand.runNanos();
    double servers = Math.ceil(work / Math.max(1, demand.startNanos()));
    return (int) Math.clamp(servers, 1.0, MANY);
  }

  private int grown(Demand demand) {
    if (demand.backlogNanos() < demand.startNanos()) {
      return 0;
    }
    long wait = demand.waiting() * demand.runNanos() / Math.max(1, demand.busy());
    int all = demand.busy() + demand.starting() + demand.waiting();
    return wait >= FELT_NANOS ? all : Math.min(processors, all);
  }
}
