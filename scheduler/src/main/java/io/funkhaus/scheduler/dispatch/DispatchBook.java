package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.pool.EvictionPolicy;
import io.funkhaus.scheduler.pool.Lifetimes;
import io.funkhaus.scheduler.pool.Member;
import io.funkhaus.scheduler.pool.MovingAverage;
import io.funkhaus.scheduler.pool.SandboxPool;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.sandbox.Waited;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who runs, who waits, and what has to be done next: the decisions of the dispatcher, without its
 * threads, locks and clock. It is told what happens and the time it happens at; what it decides
 * comes out of {@link #takeActions}.
 *
 * <p>What must not be broken: nobody is forgotten. Whatever makes a sandbox, a place or memory free
 * leads to {@link #serve} or {@link #startWanted}, and whoever waits too long is answered by {@link
 * #tick}.
 *
 * @param <S> what stands for a sandbox
 */
final class DispatchBook<S> {
  private static final long START_GUESS_NANOS = 400_000_000;

  private final Limits limits;
  private final Lifetimes lifetimes;
  private final StartPolicy startPolicy;
  private final Capacity capacity;
  private final RandomGenerator random;
  private final Map<SandboxSpec, Line<S>> lines = new HashMap<>();
  private final Map<String, Tenant<S>> tenants = new HashMap<>();
  private final FairQueue<String, Line<S>> wanted = new FairQueue<>();
  private final MovingAverage startNanos = new MovingAverage(START_GUESS_NANOS);
  private List<Action<S>> actions = new ArrayList<>();
  private int waiting;
  private int starting;
  private int hungry;
  private long starts;
  private final Set<StartTicket<S>> leaving = Collections.newSetFromMap(new IdentityHashMap<>());
  private long leavingBytes;

  /** Newcomers are refused. */
  private boolean closed;

  /** And nobody is served any more. */
  private boolean over;

  DispatchBook(
      Limits limits,
      Lifetimes lifetimes,
      StartPolicy startPolicy,
      Capacity capacity,
      RandomGenerator random) {
    this.limits = limits;
    this.lifetimes = lifetimes;
    this.startPolicy = startPolicy;
    this.capacity = capacity;
    this.random = random;
  }

  // ---- arriving ----

  /** The warm path: an idle sandbox, when there is one and no limit is in the way. */
  @Nullable Member<Seat<S>> lend(SandboxSpec spec, long now) {
    Line<S> line = lines.get(spec);
    if (closed || line == null || line.tenant.running >= limits.tenantConcurrency()) {
      return null;
    }
    Member<Seat<S>> member = line.pool.lend(now);
    if (member != null) {
      line.tenant.running++;
    }
    return member;
  }

  /**
   * Everything else: waits, or is refused. The waiter's answer is set already when it is refused.
   */
  Waiter<S> arrive(SandboxSpec spec, long now) {
    Line<S> line = line(spec);
    Waiter<S> waiter = new Waiter<>(line, now);
    Refusal refusal = refusal(line, now);
    if (refusal != null) {
      waiter.answer(new Acquisition.Refused<>(refusal));
      dropWhenUnused(line, now);
      return waiter;
    }
    if (line.waiters.isEmpty()) {
      line.backlogSince = now;
      line.tenant.waitingLines.add(line);
    }
    line.waiters.addLast(waiter);
    line.tenant.waiting++;
    waiting++;
    serve(line.tenant, now);
    want(line, now);
    startWanted(now);
    return waiter;
  }

  private Line<S> line(SandboxSpec spec) {
    Line<S> known = lines.get(spec);
    if (known != null) {
      return known;
    }
    Tenant<S> tenant = tenants.computeIfAbsent(spec.tenant(), Tenant::new);
    tenant.lines++;
    Line<S> line = new Line<>(new SandboxPool<>(spec, lifetimes, random), tenant);
    lines.put(spec, line);
    return line;
  }

  /** The limits in the order in which they are checked; null when none is in the way. */
  private @Nullable Refusal refusal(Line<S> line, long now) {
    SandboxSpec spec = line.pool.spec();
    if (closed) {
      return Refusals.shuttingDown();
    }
    if (line.pool.memoryBytes() > capacity.budgetBytes()) {
      return Refusals.larger(spec, capacity.budgetBytes());
    }
    if (waiting >= limits.queueTotal()) {
      return Refusals.queueFull(
          "of all workspaces", waiting, limits.queueTotal(), because(line).message());
    }
    if (line.tenant.waiting >= limits.queuePerTenant()) {
      return Refusals.queueFull(
          "of this workspace",
          line.tenant.waiting,
          limits.queuePerTenant(),
          because(line).message());
    }
    long backoff = line.pool.backoffNanos(now);
    if (backoff > 0 && line.pool.size() == 0) {
      return Refusals.initBackoff(spec, line.pool.failures(), line.pool.lastFailure(), backoff);
    }
    return null;
  }

  /** What those in this line wait for, as the refusal that they would get now. */
  private Refusal because(Line<S> line) {
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

  /** The caller went away. The member it had been granted meanwhile, if it had, goes back. */
  void leave(Waiter<S> waiter, long now) {
    if (waiter.answer() instanceof Acquisition.Granted<S> granted) {
      released(granted.member(), true, now);
      return;
    }
    if (waiter.answer() == null && waiter.line().waiters.remove(waiter)) {
      left(waiter.line(), now);
    }
  }

  private void left(Line<S> line, long now) {
    line.tenant.waiting--;
    waiting--;
    if (line.waiters.isEmpty()) {
      line.tenant.waitingLines.remove(line);
      unwant(line);
    }
    dropWhenUnused(line, now);
  }

  // ---- lending ----

  /**
   * An invocation has ended.
   *
   * @param usable whether its sandbox can serve another one
   */
  void released(Member<Seat<S>> member, boolean usable, long now) {
    Line<S> line = member.sandbox().line();
    line.tenant.running--;
    if (member.state() == Member.State.LEAVING) {
      serve(line.tenant, now);
      return;
    }
    if (!usable) {
      depart(line, member, now);
    } else if (over) {
      destroy(line, member, DestroyReason.SHUTDOWN, now);
    } else if (line.pool.worn(member, now)) {
      destroy(line, member, whyOver(line, member, now), now);
    } else if (hungry > 0 && moreThanItsShare(line)) {
      destroy(line, member, DestroyReason.EVICTED, now);
    } else {
      line.pool.giveBack(member, now);
    }
    if (waiting > 0) {
      serve(line.tenant, now);
      line.tenant.waitingLines.forEach(waitingLine -> want(waitingLine, now));
      startWanted(now);
    }
  }

  /** A sandbox has ended without anybody of ours having decided it. */
  void lost(Member<Seat<S>> member, long now) {
    Line<S> line = member.sandbox().line();
    if (member.state() == Member.State.LEAVING) {
      return;
    }
    depart(line, member, now);
    want(line, now);
    startWanted(now);
    dropWhenUnused(line, now);
  }

  /** Gives idle sandboxes of a tenant to those who wait, the one who came first first. */
  private void serve(Tenant<S> tenant, long now) {
    while (tenant.running < limits.tenantConcurrency()) {
      Line<S> next = nextToServe(tenant);
      if (next == null) {
        return;
      }
      Member<Seat<S>> member = next.pool.lend(now);
      Waiter<S> waiter = next.waiters.pollFirst();
      if (member == null || waiter == null) {
        throw new IllegalStateException("a line to serve has somebody waiting and somebody idle");
      }
      tenant.running++;
      answer(waiter, new Acquisition.Granted<>(member, waited(waiter, member, now)), now);
    }
  }

  private @Nullable Line<S> nextToServe(Tenant<S> tenant) {
    Line<S> next = null;
    long earliest = 0;
    for (Line<S> line : tenant.waitingLines) {
      long arrived = line.waiters.getFirst().arrivedNanos();
      if (line.pool.idleCount() > 0 && (next == null || arrived - earliest < 0)) {
        next = line;
        earliest = arrived;
      }
    }
    return next;
  }

  private static <S> Waited waited(Waiter<S> waiter, Member<Seat<S>> member, long now) {
    long all = now - waiter.arrivedNanos();
    long start = Math.min(all, member.takeStartNanos());
    return new Waited(all - start, start);
  }

  private void answer(Waiter<S> waiter, Acquisition<S> answer, long now) {
    waiter.answer(answer);
    actions.add(new Action.Wake<>(waiter));
    left(waiter.line(), now);
  }

  // ---- starting ----

  /** Puts a line among those that want a start, or takes it out. */
  private void want(Line<S> line, long now) {
    if (moreStarts(line, now) > 0) {
      wanted.add(line.tenant.id, line);
    } else {
      unwant(line);
    }
  }

  private void unwant(Line<S> line) {
    wanted.remove(line.tenant.id, line);
    lacksMemory(line, false);
  }

  private int moreStarts(Line<S> line, long now) {
    SandboxPool<Seat<S>> pool = line.pool;
    int idle = pool.idleCount();
    if (line.waiters.size() <= idle || pool.backoffNanos(now) > 0) {
      return 0;
    }
    int starts =
        startPolicy.starts(
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

  /** Starts what is wanted, in turn between tenants, as far as places and memory allow. */
  private void startWanted(long now) {
    while (starting < limits.parallelStarts() && !wanted.isEmpty()) {
      Line<S> line = wanted.poll(candidate -> fits(candidate, now));
      if (line == null) {
        return;
      }
      begin(line, now);
    }
  }

  private boolean fits(Line<S> line, long now) {
    long bytes = line.pool.memoryBytes();
    if (bytes <= capacity.freeBytes()) {
      return hungry == 0 || !poorerOneWaits(line, 0);
    }
    lacksMemory(line, true);
    makeRoom(bytes - capacity.freeBytes() - leavingBytes, now);
    return false;
  }

  private void makeRoom(long bytes, long now) {
    if (bytes <= 0) {
      return;
    }
    List<Member<Seat<S>>> idle = new ArrayList<>();
    lines.values().forEach(line -> idle.addAll(line.pool.idleMembers()));
    for (Member<Seat<S>> member : EvictionPolicy.choose(idle, bytes)) {
      destroy(member.sandbox().line(), member, DestroyReason.EVICTED, now);
    }
  }

  private void begin(Line<S> line, long now) {
    lacksMemory(line, false);
    if (moreStarts(line, now) <= 0) {
      return;
    }
    Capacity.Reservation memory = capacity.tryReserve(line.pool.memoryBytes());
    if (memory == null) {
      throw new IllegalStateException("memory that was free under the lock is not free");
    }
    line.tenant.memoryBytes += line.pool.memoryBytes();
    line.tenant.starting++;
    starting++;
    line.pool.startBegan();
    actions.add(new Action.Start<>(new StartTicket<>(line, memory, line.pool.generation(), now)));
    want(line, now);
  }

  /** A start has succeeded. The sandbox is idle, or lent already, when this returns. */
  Member<Seat<S>> started(StartTicket<S> ticket, S sandbox, long now) {
    Line<S> line = ticket.line();
    long took = now - ticket.decidedNanos();
    startNanos.add(took);
    startEnded(line);
    starts++;
    Member<Seat<S>> member =
        line.pool.startSucceeded(new Seat<>(ticket, sandbox), ticket.generation(), took, now);
    if (over) {
      destroy(line, member, DestroyReason.SHUTDOWN, now);
      return member;
    }
    serve(line.tenant, now);
    if (member.state() == Member.State.IDLE && line.pool.worn(member, now)) {
      destroy(line, member, whyOver(line, member, now), now);
    }
    want(line, now);
    startWanted(now);
    return member;
  }

  /** A start has failed: whoever can only wait for such a start is told. */
  void startFailed(StartTicket<S> ticket, StartFailure failure, long now) {
    Line<S> line = ticket.line();
    startEnded(line);
    switch (failure) {
      case StartFailure.Init init -> line.pool.initFailed(init.summary(), now);
      case StartFailure.Platform platform -> line.pool.startFailed();
    }
    if (line.pool.size() == 0) {
      answerAll(line, failure, now - ticket.decidedNanos(), now);
    }
    want(line, now);
    startWanted(now);
    dropWhenUnused(line, now);
  }

  private void answerAll(Line<S> line, StartFailure failure, long took, long now) {
    while (!line.waiters.isEmpty()) {
      Waiter<S> waiter = line.waiters.removeFirst();
      long all = now - waiter.arrivedNanos();
      long init = Math.min(all, took);
      answer(
          waiter,
          switch (failure) {
            case StartFailure.Init(var outcome, var summary) ->
                new Acquisition.Ended<>(outcome, new Waited(all - init, init));
            case StartFailure.Platform(var refusal) -> new Acquisition.Refused<>(refusal);
          },
          now);
    }
  }

  private void startEnded(Line<S> line) {
    line.tenant.starting--;
    starting--;
  }

  private void lacksMemory(Line<S> line, boolean lacks) {
    if (line.lacksMemory != lacks) {
      line.lacksMemory = lacks;
      hungry += lacks ? 1 : -1;
    }
  }

  /** Whether this line's sandbox should rather make room for somebody who lacks memory. */
  private boolean moreThanItsShare(Line<S> line) {
    return poorerOneWaits(line, line.pool.memoryBytes());
  }

  /**
   * Whether somebody who cannot start for lack of memory would, with one more sandbox, still have
   * no more than this line's tenant has without so many bytes. Within one tenant, lines are
   * compared.
   */
  private boolean poorerOneWaits(Line<S> line, long bytes) {
    for (Line<S> other : lines.values()) {
      if (!other.lacksMemory || other == line) {
        continue;
      }
      long needed = other.pool.memoryBytes();
      boolean comes = bytes > 0 && leavingBytes >= needed;
      if (!comes && memoryOf(other, line) + needed <= memoryOf(line, other) - bytes) {
        return true;
      }
    }
    return false;
  }

  private static <S> long memoryOf(Line<S> line, Line<S> comparedWith) {
    return line.tenant == comparedWith.tenant
        ? line.pool.size() * line.pool.memoryBytes()
        : line.tenant.memoryBytes;
  }

  // ---- leaving ----

  private void destroy(Line<S> line, Member<Seat<S>> member, DestroyReason reason, long now) {
    depart(line, member, now);
    actions.add(new Action.Destroy<>(member.sandbox().sandbox(), reason));
  }

  private void depart(Line<S> line, Member<Seat<S>> member, long now) {
    if (line.pool.leave(member, now)) {
      departed(member);
    }
  }

  /** Its memory is on its way back, unless it came back already. */
  private void departed(Member<Seat<S>> member) {
    StartTicket<S> ticket = member.sandbox().ticket();
    if (!ticket.memory().released() && leaving.add(ticket)) {
      leavingBytes += member.pool().memoryBytes();
    }
  }

  /** Nothing is left of a sandbox, or of the attempt to start one: its memory is free again. */
  void gone(StartTicket<S> ticket, long now) {
    if (!ticket.memory().release()) {
      return;
    }
    Line<S> line = ticket.line();
    line.tenant.memoryBytes -= line.pool.memoryBytes();
    if (leaving.remove(ticket)) {
      leavingBytes -= line.pool.memoryBytes();
    }
    startWanted(now);
    dropWhenUnused(line, now);
  }

  /** What is there of this version now is not lent any more. */
  void retire(SandboxSpec spec, long now) {
    Line<S> line = lines.get(spec);
    if (line == null) {
      return;
    }
    line.pool.retire();
    expireIdle(line, now);
    dropWhenUnused(line, now);
  }

  /** From now on everybody is refused; those who run or wait go on. */
  void close() {
    closed = true;
  }

  /** The end: those who wait are refused, those who are idle destroyed. */
  void shutDown(long now) {
    closed = true;
    over = true;
    for (Line<S> line : List.copyOf(lines.values())) {
      answerAll(line, new StartFailure.Platform(Refusals.shuttingDown()), 0, now);
      for (Member<Seat<S>> member : List.copyOf(line.pool.idleMembers())) {
        destroy(line, member, DestroyReason.SHUTDOWN, now);
      }
    }
  }

  // ---- time ----

  /** What the passing of time brings: those who waited too long, those who were idle too long. */
  void tick(long now) {
    for (Line<S> line : List.copyOf(lines.values())) {
      expireWaiters(line, now);
      expireIdle(line, now);
      if (!line.waiters.isEmpty()) {
        want(line, now);
      }
      dropWhenUnused(line, now);
    }
    startWanted(now);
  }

  private void expireIdle(Line<S> line, long now) {
    for (Member<Seat<S>> member : line.pool.expire(now)) {
      departed(member);
      actions.add(new Action.Destroy<>(member.sandbox().sandbox(), whyOver(line, member, now)));
    }
  }

  private static <S> DestroyReason whyOver(Line<S> line, Member<Seat<S>> member, long now) {
    if (line.pool.outdated(member)) {
      return DestroyReason.RETIRED;
    }
    return line.pool.worn(member, now) ? DestroyReason.TOO_OLD : DestroyReason.IDLE;
  }

  private void expireWaiters(Line<S> line, long now) {
    long longest = limits.queueWait().toNanos();
    while (!line.waiters.isEmpty() && now - line.waiters.getFirst().arrivedNanos() >= longest) {
      Refusal refusal = because(line);
      answer(line.waiters.removeFirst(), new Acquisition.Refused<>(refusal), now);
    }
  }

  private void dropWhenUnused(Line<S> line, long now) {
    if (!line.waiters.isEmpty()
        || line.pool.size() > 0
        || line.pool.remembersFailures(now)
        || !lines.remove(line.pool.spec(), line)) {
      return;
    }
    Tenant<S> tenant = line.tenant;
    tenant.lines--;
    if (tenant.lines == 0 && tenant.memoryBytes == 0 && tenant.running == 0) {
      tenants.remove(tenant.id, tenant);
    }
  }

  // ---- looking ----

  /** What there is to do, in order. Empty most of the time. */
  List<Action<S>> takeActions() {
    if (actions.isEmpty()) {
      return List.of();
    }
    List<Action<S>> taken = actions;
    actions = new ArrayList<>();
    return taken;
  }

  Collection<Line<S>> lines() {
    return lines.values();
  }

  int waiting() {
    return waiting;
  }

  int starting() {
    return starting;
  }

  /** How many starts have succeeded. */
  long starts() {
    return starts;
  }
}
