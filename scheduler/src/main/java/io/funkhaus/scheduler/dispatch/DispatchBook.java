package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Usage;
import io.funkhaus.scheduler.pool.EvictionPolicy;
import io.funkhaus.scheduler.pool.Lifetimes;
import io.funkhaus.scheduler.pool.Member;
import io.funkhaus.scheduler.pool.MovingAverage;
import io.funkhaus.scheduler.pool.SandboxPool;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.sandbox.Waited;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Admission admission;
  private final MemoryShares<S> memory;
  private final RandomGenerator random;
  private final Map<SandboxSpec, Line<S>> lines = new HashMap<>();
  private final Map<String, Tenant<S>> tenants = new HashMap<>();
  private final FairQueue<String, Line<S>> wanted = new FairQueue<>();
  private final MovingAverage startNanos = new MovingAverage(START_GUESS_NANOS);
  private List<Action<S>> actions = new ArrayList<>();
  private int waiting;
  private int starting;
  private long starts;

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
    this.admission = new Admission(limits, capacity);
    this.memory = new MemoryShares<>(capacity);
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
    Refusal refusal = closed ? Refusals.shuttingDown() : admission.refusal(line, waiting, now);
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
    takeBack(line, member, usable, now);
    if (waiting > 0) {
      serve(line.tenant, now);
      line.tenant.waitingLines.forEach(waitingLine -> want(waitingLine, now));
      startWanted(now);
    }
  }

  private void takeBack(Line<S> line, Member<Seat<S>> member, boolean usable, long now) {
    if (member.state() == Member.State.LEAVING) {
      dropWhenUnused(line, now);
    } else if (!usable) {
      depart(line, member, now);
    } else if (over) {
      destroy(line, member, DestroyReason.SHUTDOWN, now);
    } else if (line.pool.worn(member, now)) {
      destroy(line, member, whyOver(line, member, now), now);
    } else if (memory.mustGive(line, lines.values())) {
      destroy(line, member, DestroyReason.EVICTED, now);
    } else {
      line.pool.giveBack(member, now);
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
    memory.lacks(line, false);
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
    if (memory.fits(line)) {
      return !memory.mustWait(line, lines.values());
    }
    memory.lacks(line, true);
    makeRoom(memory.missing(line), now);
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
    memory.lacks(line, false);
    if (moreStarts(line, now) <= 0) {
      return;
    }
    Capacity.Reservation reserved = memory.reserve(line);
    line.tenant.starting++;
    starting++;
    line.pool.startBegan();
    actions.add(new Action.Start<>(new StartTicket<>(line, reserved, line.pool.generation(), now)));
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

  // ---- leaving ----

  private void destroy(Line<S> line, Member<Seat<S>> member, DestroyReason reason, long now) {
    depart(line, member, now);
    actions.add(new Action.Destroy<>(member.sandbox().sandbox(), reason));
  }

  private void depart(Line<S> line, Member<Seat<S>> member, long now) {
    if (line.pool.leave(member, now)) {
      memory.departed(member.sandbox().ticket());
    }
  }

  /** Nothing is left of a sandbox, or of the attempt to start one: its memory is free again. */
  void gone(StartTicket<S> ticket, long now) {
    if (memory.gone(ticket)) {
      startWanted(now);
      dropWhenUnused(ticket.line(), now);
    }
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
      memory.departed(member.sandbox().ticket());
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
      Refusal refusal = admission.because(line);
      answer(line.waiters.removeFirst(), new Acquisition.Refused<>(refusal), now);
    }
  }

  /** Nothing is kept of functions and tenants that have nothing. */
  private void dropWhenUnused(Line<S> line, long now) {
    boolean unused =
        line.waiters.isEmpty() && line.pool.size() == 0 && !line.pool.remembersFailures(now);
    if (unused && lines.remove(line.pool.spec(), line)) {
      line.tenant.lines--;
    }
    Tenant<S> tenant = line.tenant;
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

  /** What one tenant has now. */
  Usage usage(String id) {
    List<Usage.OfFunction> functions = new ArrayList<>();
    for (Line<S> line : lines.values()) {
      SandboxSpec spec = line.pool.spec();
      if (spec.tenant().equals(id)) {
        functions.add(usage(line));
      }
    }
    Tenant<S> tenant = tenants.get(id);
    return tenant == null
        ? new Usage(0, 0, limits.tenantConcurrency(), functions)
        : new Usage(tenant.running, tenant.waiting, limits.tenantConcurrency(), functions);
  }

  private Usage.OfFunction usage(Line<S> line) {
    SandboxPool<Seat<S>> pool = line.pool;
    SandboxSpec spec = pool.spec();
    return new Usage.OfFunction(
        spec.function(),
        spec.version(),
        pool.idleCount(),
        pool.busyCount(),
        pool.startingCount(),
        line.waiters.size());
  }

  /** How many tenants it knows of. */
  int tenants() {
    return tenants.size();
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
