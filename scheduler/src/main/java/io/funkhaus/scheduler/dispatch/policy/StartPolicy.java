package io.funkhaus.scheduler.dispatch.policy;

/**
 * Wait or start? Decides how many sandboxes more a function needs, from how many wait, how long a
 * run takes and how long a start takes. Pure. Counts in places: invocations that can run at the
 * same time.
 *
 * <p>A burst of runs of 0.1 ms is over before a second sandbox could be there: none is started. A
 * burst of runs of 10 s is not: one for each is started. And whoever has found a queue again and
 * again for longer than a start takes would have done better to start: then the pool grows although
 * each single wait is short. For runs that take their time there is one place for each caller then;
 * for tiny ones there are as many as processors, and more (twice as many each time) only while the
 * waits are felt.
 */
public final class StartPolicy {
  private static final long FELT_NANOS = 10_000_000;

  /** As long as nothing is known of its runs, one is taken for this part of a start. */
  private static final int UNKNOWN_RUN_PART = 10;

  private final int processors;

  public StartPolicy(int processors) {
    this.processors = processors;
  }

  public int processors() {
    return processors;
  }

  /**
   * What is known of one function version now.
   *
   * @param waiting invocations without a place
   * @param busy places that are taken
   * @param starting places on their way in
   * @param runNanos how long a run is expected to take; 0 when that is not known
   * @param startNanos how long a start is expected to take
   * @param backlogNanos for how long there has been somebody waiting
   */
  public record Demand(
      int waiting, int busy, int starting, long runNanos, long startNanos, long backlogNanos) {

    double run() {
      return runNanos > 0 ? runNanos : (double) startNanos / UNKNOWN_RUN_PART;
    }

    /** The wait of the last one in the queue if nothing is started. */
    double wait(int servers) {
      return waiting * run() / Math.max(1, servers);
    }
  }

  /** How many starts more, none when all is well. */
  public int starts(Demand demand) {
    if (demand.waiting() == 0) {
      return 0;
    }
    int more = Math.max(unserved(demand), grown(demand)) - demand.starting();
    return Math.clamp(more, 0, Math.max(0, demand.waiting() - demand.starting()));
  }

  /**
   * Those who wait will be served by the busy places in turn. The ones whose turn would come only
   * after a start is over get new places: so many that these serve them within another start.
   */
  private static int unserved(Demand demand) {
    double start = Math.max(1, demand.startNanos());
    double servedMeanwhile = demand.busy() * start / demand.run();
    double unserved = demand.waiting() - servedMeanwhile;
    return (int) Math.ceil(Math.max(0, unserved) * Math.min(1, demand.run() / start));
  }

  private int grown(Demand demand) {
    if (demand.backlogNanos() < demand.startNanos()) {
      return 0;
    }
    if (demand.run() >= FELT_NANOS) {
      return demand.waiting();
    }
    boolean felt = demand.wait(demand.busy()) >= FELT_NANOS;
    int most = felt ? Math.max(1, demand.busy()) : processors - demand.busy();
    return Math.min(demand.waiting(), most);
  }
}
