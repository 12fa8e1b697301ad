package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.pool.MovingAverage;
import io.funkhaus.scheduler.pool.SandboxPool;

/**
 * Who wants a start, and who gets one: in turn between tenants, as far as places and memory allow.
 * Guarded by the book's lock.
 *
 * @param <S> what stands for a sandbox
 */
final class Starts<S> {
  private static final long START_GUESS_NANOS = 400_000_000;

  private final Limits limits;
  private final StartPolicy policy;
  private final Register<S> register;
  private final MemoryShares<S> memory;
  private final Departures<S> departures;
  private final Actions<S> actions;
  private final FairQueue<String, Line<S>> wanted = new FairQueue<>();
  private final MovingAverage startNanos = new MovingAverage(START_GUESS_NANOS);
  private int starting;
  private long succeeded;

  Starts(
      Limits limits,
      StartPolicy policy,
      Register<S> register,
      MemoryShares<S> memory,
      Departures<S> departures,
      Actions<S> actions) {
    this.limits = limits;
    this.policy = policy;
    this.register = register;
    this.memory = memory;
    this.departures = departures;
    this.actions = actions;
  }

  /** Puts a line among those that want a start, or takes it out. */
  void want(Line<S> line, long now) {
    if (more(line, now) > 0) {
      wanted.add(line.tenant.id, line);
    } else {
      unwant(line);
    }
  }

  void unwant(Line<S> line) {
    wanted.remove(line.tenant.id, line);
    memory.lacks(line, false);
  }

  private int more(Line<S> line, long now) {
    SandboxPool<Seat<S>> pool = line.pool;
    int idle = pool.idleCount();
    if (line.waiters.size() <= idle || pool.backoffNanos(now) > 0) {
      return 0;
    }
    int starts =
        policy.starts(
            new StartPolicy.Demand(
                line.waiters.size() - idle,
                pool.busyCount(),
                pool.startingCount(),
                pool.expectedRunNanos(now),
                startNanos.value(),
                now - line.backlogSince));
    int roomOfFunction = limits.functionConcurrency() - pool.size();
    int roomOfTenant = limits.tenantConcurrency() - line.tenant.running - line.tenant.starting;
    return Math.min(starts, Math.min(roomOfFunction, roomOfTenant));
  }

  /** Begins what is wanted and possible. */
  void beginWanted(long now) {
    while (starting < limits.parallelStarts() && !wanted.isEmpty()) {
      Line<S> line = wanted.poll(candidate -> fits(candidate, now));
      if (line == null) {
        return;
      }
      begin(line, now);
    }
  }

  private boolean fits(Line<S> line, long now) {
    if (memory.fits(line)) {
      return !memory.mustWait(line, register.lines());
    }
    memory.lacks(line, true);
    departures.makeRoom(line, now);
    return false;
  }

  private void begin(Line<S> line, long now) {
    memory.lacks(line, false);
    if (more(line, now) <= 0) {
      return;
    }
    Capacity.Reservation reserved = memory.reserve(line);
    line.tenant.starting++;
    starting++;
    line.pool.startBegan();
    actions.start(new StartTicket<>(line, reserved, line.pool.generation(), now));
    want(line, now);
  }

  void succeeded(Line<S> line, long tookNanos) {
    ended(line);
    startNanos.add(tookNanos);
    succeeded++;
  }

  /** A start is over, well or not. */
  void ended(Line<S> line) {
    line.tenant.starting--;
    starting--;
  }

  /** How many are on their way. */
  int starting() {
    return starting;
  }

  long succeeded() {
    return succeeded;
  }
}
