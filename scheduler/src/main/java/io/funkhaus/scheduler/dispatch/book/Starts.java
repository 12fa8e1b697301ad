package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.FairQueue;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.dispatch.policy.StartPolicy;
import io.funkhaus.scheduler.dispatch.policy.StartTimes;
import io.funkhaus.scheduler.pool.SandboxPool;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Who wants a start, and who gets one: those who have callers first, in turn between tenants, as
 * far as places and memory allow. Guarded by the book's lock.
 *
 * @param <S> what stands for a sandbox
 */
final class Starts<S> {
  private final Limits limits;
  private final StartPolicy policy;
  private final Readiness readiness;
  private final Register<S> register;
  private final MemoryShares<S> memory;
  private final Departures<S> departures;
  private final Actions<S> actions;
  private final FairQueue<String, Line<S>> wanted = new FairQueue<>();
  private final StartTimes times = new StartTimes();

  /** Those of the starts that have no container yet. */
  private final Set<StartTicket<S>> acquiring = Collections.newSetFromMap(new IdentityHashMap<>());

  private int starting;
  private final Map<StartKind, Long> succeeded = new EnumMap<>(StartKind.class);
  private boolean forCallersOnly;

  Starts(
      Limits limits,
      StartPolicy policy,
      Readiness readiness,
      Register<S> register,
      MemoryShares<S> memory,
      Departures<S> departures,
      Actions<S> actions) {
    this.limits = limits;
    this.policy = policy;
    this.readiness = readiness;
    this.register = register;
    this.memory = memory;
    this.departures = departures;
    this.actions = actions;
  }

  /** Nothing is started any more for which nobody waits. */
  void forCallersOnly() {
    forCallersOnly = true;
  }

  /** Puts a line among those that want a start, or takes it out. */
  void want(Line<S> line, long now) {
    boolean wants = demanded(line, now) > 0 || unprovisioned(line, now) > 0;
    if (wants && !line.wantsStart) {
      line.wantsStart = true;
      wanted.add(line.tenant.id, line);
    } else if (!wants) {
      unwant(line);
    }
  }

  private void unwant(Line<S> line) {
    if (line.wantsStart) {
      line.wantsStart = false;
      wanted.remove(line.tenant.id, line);
      memory.lacks(line, false);
    }
  }

  /** How many sandboxes more those who wait should get. */
  private int demanded(Line<S> line, long now) {
    SandboxPool<Seat<S>> pool = line.pool;
    int unserved = line.waiters.size() - pool.freePlaces();
    if (unserved <= 0 || mustPause(pool, now) || hasEnough(line, now)) {
      return 0;
    }
    int each = pool.spec().concurrency();
    int places =
        policy.starts(
            new StartPolicy.Demand(
                unserved,
                pool.leases(),
                pool.startingCount() * each,
                pool.expectedRunNanos(now),
                expectedStartNanos(line),
                line.backlog.nanos(now)));
    int sandboxes = Math.ceilDiv(Math.min(places, line.share.room()), each);
    return Math.min(pool.failures() > 0 ? 1 : sandboxes, Math.min(sandboxes, roomOfVersion(line)));
  }

  /** More sandboxes would only take turns on the processors with those that serve already. */
  private boolean hasEnough(Line<S> line, long now) {
    return !line.width.admits() || (line.crowd && servesSoon(line, now));
  }

  /** Whether those who wait get a sandbox that is there within the time that they may wait. */
  private boolean servesSoon(Line<S> line, long now) {
    return line.pool.fresh(now) > 0
        && line.pool.expectedRunNanos(now) < limits.queueWait().toNanos();
  }

  /**
   * A module that did not load is tried by one start at a time, and not at once again and again.
   */
  private static boolean mustPause(SandboxPool<?> pool, long now) {
    return pool.backoffNanos(now) > 0 || (pool.failures() > 0 && pool.startingCount() > 0);
  }

  private int roomOfVersion(Line<S> line) {
    return limits.functionConcurrency() - line.pool.size();
  }

  private long expectedStartNanos(Line<S> line) {
    boolean ready = readiness.ready(line.pool.spec()) > line.pool.startingCount();
    StartKind kind = ready ? StartKind.STEM : StartKind.NOTHING;
    return line.startTimes.knows(kind) ? line.startTimes.expected(kind) : times.expected(kind);
  }

  /** How many sandboxes are missing of those that are to be kept ready. */
  private int unprovisioned(Line<S> line, long now) {
    if (line.provision.wanted() == 0 || forCallersOnly) {
      return 0;
    }
    if (line.provision.pauses(now) || mustPause(line.pool, now)) {
      return 0;
    }
    int missing = line.provision.wanted() - line.pool.fresh(now) - line.pool.startingCount();
    return Math.min(missing, roomOfVersion(line));
  }

  /** Begins what is wanted and possible. */
  void beginWanted(long now) {
    beginDemanded(now);
    beginProvisioned(now);
  }

  private void beginDemanded(long now) {
    while (acquiring.size() < limits.parallelStarts() && !wanted.isEmpty()) {
      Line<S> line = wanted.poll(one -> demanded(one, now) > 0 && fits(one, true, now));
      if (line == null) {
        return;
      }
      int each = line.pool.spec().concurrency();
      begin(line, Math.min(each, line.waiters.size()), now);
    }
  }

  /** One start stays free for those who have callers. */
  private void beginProvisioned(long now) {
    int most = Math.max(1, limits.parallelStarts() - 1);
    while (acquiring.size() < most && !wanted.isEmpty()) {
      Line<S> line = wanted.poll(one -> unprovisioned(one, now) > 0 && fits(one, false, now));
      if (line == null) {
        return;
      }
      begin(line, 0, now);
    }
  }

  private boolean fits(Line<S> line, boolean forCaller, long now) {
    if (memory.fits(line)) {
      return !memory.mustWait(line, register.lines());
    }
    if (forCaller) {
      memory.lacks(line, true);
    }
    departures.makeRoom(line, forCaller, now);
    return false;
  }

  private void begin(Line<S> line, int places, long now) {
    line.wantsStart = false;
    memory.lacks(line, false);
    Capacity.Reservation reserved = memory.reserve(line);
    line.share.startBegan(places);
    starting++;
    line.pool.startBegan();
    StartTicket<S> ticket = new StartTicket<>(line, reserved, line.pool.generation(), places, now);
    acquiring.add(ticket);
    actions.start(ticket);
    want(line, now);
  }

  void succeeded(StartTicket<S> ticket, StartKind kind, long tookNanos) {
    ended(ticket);
    times.add(kind, tookNanos);
    ticket.line().startTimes.add(kind, tookNanos);
    succeeded.merge(kind, 1L, Long::sum);
  }

  /** A start has its container: another one may begin while its module is loaded. */
  void hasContainer(StartTicket<S> ticket) {
    acquiring.remove(ticket);
  }

  /** A start is over, well or not. */
  void ended(StartTicket<S> ticket) {
    acquiring.remove(ticket);
    ticket.line().share.startEnded(ticket.places());
    starting--;
  }

  /** How many are on their way. */
  int starting() {
    return starting;
  }

  /** How many have succeeded, by what they were made from. */
  Map<StartKind, Long> succeeded() {
    return Map.copyOf(succeeded);
  }
}
