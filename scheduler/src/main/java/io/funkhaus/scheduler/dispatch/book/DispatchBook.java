package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Usage;
import io.funkhaus.scheduler.Waiting;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.HostLoad;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.dispatch.policy.StartPolicy;
import io.funkhaus.scheduler.pool.Lifetimes;
import io.funkhaus.scheduler.pool.Member;
import io.funkhaus.scheduler.pool.SandboxPool;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.sandbox.Waited;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who runs, who waits, and what has to be done next: the decisions of the dispatcher, without its
 * threads, locks and clock. It is told what happens and the time it happens at; what it decides
 * comes out of {@link #takeActions}.
 *
 * <p>What must not be broken: nobody is forgotten. Whatever makes a sandbox, a place or memory free
 * leads to {@link #serve} or {@link Starts#beginWanted}, and whoever waits too long is answered by
 * {@link #tick}.
 *
 * @param <S> what stands for a sandbox
 */
public final class DispatchBook<S> {
  /** What is kept ready and ends so soon is no use: the next attempt comes after a pause. */
  private static final long SOON_LOST_NANOS = 10_000_000_000L;

  private final Limits limits;
  private final Admission admission;
  private final Explanations<S> explanations;
  private final Actions<S> actions = new Actions<>();
  private final WaitingRoom<S> room;
  private final Register<S> register;
  private final MemoryShares<S> memory;
  private final Departures<S> departures;
  private final Starts<S> starts;

  /** Newcomers are refused. */
  private boolean closed;

  /** And nobody is served any more. */
  private boolean over;

  public DispatchBook(
      Limits limits,
      Lifetimes lifetimes,
      StartPolicy startPolicy,
      Readiness readiness,
      Capacity capacity,
      RandomGenerator random) {
    Obstacles obstacles = new Obstacles(limits, capacity);
    this.limits = limits;
    this.room = new WaitingRoom<>(actions, limits.queueTotal());
    this.admission = new Admission(limits, capacity, obstacles, room, random);
    this.register =
        new Register<>(lifetimes, random, limits.tenantConcurrency(), startPolicy.processors());
    this.explanations = new Explanations<>(obstacles, register);
    this.memory = new MemoryShares<>(capacity);
    this.departures = new Departures<>(register, memory, actions);
    this.starts =
        new Starts<>(limits, startPolicy, readiness, register, memory, departures, actions);
  }

  // ---- arriving ----

  /** The warm path: a sandbox with a place, when there is one and no limit is in the way. */
  public @Nullable Member<Seat<S>> lend(SandboxSpec spec, long now) {
    Line<S> line = register.find(spec);
    if (closed || line == null || !line.mayRun()) {
      return null;
    }
    Member<Seat<S>> member = line.pool.lend(now);
    if (member != null) {
      line.began();
    }
    return member;
  }

  /**
   * Everything else: waits, or is refused. The waiter's answer is set already when it is refused.
   */
  public Waiter<S> arrive(SandboxSpec spec, UUID requestId, long now) {
    Line<S> line = register.line(spec);
    Waiter<S> waiter = new Waiter<>(line, requestId, now);
    Refusal refusal = closed ? Refusals.shuttingDown() : admission.refusal(line, now);
    if (refusal != null) {
      waiter.answer(new Acquisition.Refused<>(refusal));
      register.dropWhenUnused(line, now);
      return waiter;
    }
    makePlaceFor(line, now);
    room.enter(waiter);
    serve(line.tenant, now);
    starts.want(line, now);
    starts.beginWanted(now);
    return waiter;
  }

  /** The newcomer has a better claim than the last of those who have most. */
  private void makePlaceFor(Line<S> newcomer, long now) {
    Waiter<S> displaced = room.toDisplace();
    if (displaced != null) {
      Refusal refusal = admission.displaced(displaced.line(), newcomer);
      answer(displaced, new Acquisition.Refused<>(refusal), now);
    }
  }

  /** The caller went away. The member it had been granted meanwhile, if it had, goes back. */
  public void leave(Waiter<S> waiter, long now) {
    if (waiter.answer() instanceof Acquisition.Granted<S> granted) {
      released(granted.member(), true, now);
      return;
    }
    if (waiter.answer() == null && room.leave(waiter, now)) {
      left(waiter.line(), now);
    }
  }

  private void left(Line<S> line, long now) {
    if (line.waiters.isEmpty()) {
      starts.want(line, now);
      register.dropWhenUnused(line, now);
    }
  }

  // ---- lending ----

  /**
   * An invocation has ended.
   *
   * @param usable whether its sandbox can serve another one
   */
  public void released(Member<Seat<S>> member, boolean usable, long now) {
    Line<S> line = member.sandbox().line();
    boolean unused = line.pool.ended(member, now);
    line.ended();
    line.share.took(line.pool.lastRunNanos());
    takeBack(line, member, usable, unused, now);
    if (room.size() > 0) {
      serveAfterRelease(line, now);
    }
  }

  private void takeBack(
      Line<S> line, Member<Seat<S>> member, boolean usable, boolean unused, long now) {
    if (member.state() == Member.State.LEAVING) {
      register.dropWhenUnused(line, now);
    } else if (!usable) {
      departures.depart(line, member);
    } else if (unused && over) {
      departures.destroy(line, member, DestroyReason.SHUTDOWN);
    } else if (unused && line.pool.worn(member, now)) {
      departures.destroy(line, member, Departures.whyOver(line, member, now));
    } else if (unused && mustGive(line)) {
      departures.destroy(line, member, DestroyReason.EVICTED);
    } else if (unused) {
      line.pool.rest(member, now);
    }
  }

  private boolean mustGive(Line<S> line) {
    return line.pool.size() > line.provision.wanted() && memory.mustGive(line, register.lines());
  }

  /** A place that nobody has taken may let another function of the tenant start a sandbox. */
  private void serveAfterRelease(Line<S> line, long now) {
    Tenant<S> tenant = line.tenant;
    int before = tenant.running;
    serve(tenant, now);
    if (tenant.running == before) {
      tenant.waitingLines.forEach(waitingLine -> starts.want(waitingLine, now));
    } else {
      starts.want(line, now);
    }
    starts.beginWanted(now);
  }

  /** A sandbox has ended without anybody of ours having decided it. */
  public void lost(Member<Seat<S>> member, long now) {
    Line<S> line = member.sandbox().line();
    if (member.state() == Member.State.LEAVING) {
      return;
    }
    if (member.state() == Member.State.IDLE && now - member.since() < SOON_LOST_NANOS) {
      line.provision.failed("a sandbox ended as soon as it was ready", now);
    }
    departures.depart(line, member);
    starts.want(line, now);
    starts.beginWanted(now);
    register.dropWhenUnused(line, now);
  }

  /** Gives sandboxes of a tenant that have places to those who wait, first come first served. */
  private void serve(Tenant<S> tenant, long now) {
    for (Line<S> next = nextToServe(tenant); next != null; next = nextToServe(tenant)) {
      Member<Seat<S>> member = next.pool.lend(now);
      if (member == null) {
        starts.want(next, now);
        return;
      }
      next.began();
      Waiter<S> waiter = next.waiters.getFirst();
      answer(waiter, new Acquisition.Granted<>(member, waited(waiter, member, now)), now);
    }
  }

  private @Nullable Line<S> nextToServe(Tenant<S> tenant) {
    Line<S> next = null;
    long earliest = 0;
    for (Line<S> line : tenant.waitingLines) {
      long arrived = line.waiters.getFirst().arrivedNanos();
      boolean sooner = next == null || arrived - earliest < 0;
      if (sooner && line.pool.freePlaces() > 0 && line.mayRun()) {
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
    room.answer(waiter, answer, now);
    left(waiter.line(), now);
  }

  // ---- starting ----

  /** A start has got its container: the next one may begin. */
  public void hasContainer(StartTicket<S> ticket, long now) {
    starts.hasContainer(ticket);
    starts.beginWanted(now);
  }

  /** Memory for one more stem in stock, when nobody else needs it. */
  public Capacity.@Nullable Reservation reserveForStem(long bytes) {
    return memory.lacking() ? null : memory.stems().tryReserve(bytes);
  }

  /** And back. */
  public void stemGone(Capacity.Reservation reserved, long now) {
    memory.stems().gone(reserved);
    starts.beginWanted(now);
  }

  /** A start has succeeded. The sandbox is idle, or lent already, when this returns. */
  public Member<Seat<S>> started(StartTicket<S> ticket, S sandbox, StartKind kind, long now) {
    Line<S> line = ticket.line();
    long took = now - ticket.decidedNanos();
    starts.succeeded(ticket, kind, took);
    line.provision.succeeded();
    Member<Seat<S>> member =
        line.pool.startSucceeded(new Seat<>(ticket, sandbox), ticket.generation(), took, now);
    if (over) {
      departures.destroy(line, member, DestroyReason.SHUTDOWN);
      return member;
    }
    serve(line.tenant, now);
    if (member.state() == Member.State.IDLE && line.pool.worn(member, now)) {
      departures.destroy(line, member, Departures.whyOver(line, member, now));
    }
    starts.want(line, now);
    starts.beginWanted(now);
    return member;
  }

  /** A start has failed: whoever can only wait for such a start is told. */
  public void startFailed(StartTicket<S> ticket, StartFailure failure, long now) {
    Line<S> line = ticket.line();
    starts.ended(ticket);
    switch (failure) {
      case StartFailure.Init(var outcome, var summary) -> {
        line.pool.initFailed(summary, now);
        line.provision.failed(summary, now);
      }
      case StartFailure.Platform(var refusal) -> {
        line.pool.startFailed();
        line.provision.failed(refusal.message(), now);
      }
    }
    if (line.pool.size() == 0) {
      answerAll(line, failure, now - ticket.decidedNanos(), now);
    }
    starts.want(line, now);
    starts.beginWanted(now);
    register.dropWhenUnused(line, now);
  }

  private void answerAll(Line<S> line, StartFailure failure, long took, long now) {
    while (!line.waiters.isEmpty()) {
      Waiter<S> waiter = line.waiters.getFirst();
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

  // ---- leaving ----

  /** Nothing is left of a sandbox, or of the attempt to start one: its memory is free again. */
  public void gone(StartTicket<S> ticket, long now) {
    if (memory.gone(ticket)) {
      starts.beginWanted(now);
      register.dropWhenUnused(ticket.line(), now);
    }
  }

  /** What is there of this version now is not lent any more. */
  public void retire(SandboxSpec spec, long now) {
    Line<S> line = register.find(spec);
    if (line == null) {
      return;
    }
    line.pool.retire();
    departures.expireIdle(line, now);
    starts.want(line, now);
    starts.beginWanted(now);
    register.dropWhenUnused(line, now);
  }

  /** From now on everybody is refused; those who run or wait go on. */
  public void close() {
    closed = true;
    starts.forCallersOnly();
  }

  /** The end: those who wait are refused, those who are idle destroyed. */
  public void shutDown(long now) {
    close();
    over = true;
    for (Line<S> line : register.linesNow()) {
      answerAll(line, new StartFailure.Platform(Refusals.shuttingDown()), 0, now);
      departures.destroyIdle(line, DestroyReason.SHUTDOWN);
    }
  }

  // ---- settings ----

  /** How a tenant's concurrency is shared out from now on, in place of what was so before. */
  public void arrange(String id, List<FunctionScaling> functions, long now) {
    Tenant<S> tenant = register.tenantMade(id);
    Map<SandboxSpec, Integer> provisioned = new HashMap<>();
    List<FunctionShare<S>> before = List.copyOf(tenant.functions.values());
    before.forEach(share -> share.arrange(null));
    for (FunctionScaling scaling : functions) {
      register.share(tenant, scaling.function()).arrange(scaling);
      provisioned.putAll(scaling.provisioned());
    }
    provision(id, provisioned, now);
    serve(tenant, now);
    tenant.waitingLines.forEach(line -> starts.want(line, now));
    starts.beginWanted(now);
    before.forEach(share -> register.dropWhenUnused(share, tenant));
    register.dropWhenUnused(tenant);
  }

  private void provision(String tenant, Map<SandboxSpec, Integer> provisioned, long now) {
    for (Line<S> line : register.linesNow()) {
      if (line.tenant.id.equals(tenant) && line.provision.wanted() > 0) {
        provision(line, provisioned.getOrDefault(line.pool.spec(), 0), now);
      }
    }
    provisioned.forEach((spec, count) -> {
      if (count > 0) {
        provision(register.line(spec), count, now);
      }
    });
  }

  private void provision(Line<S> line, int count, long now) {
    int before = line.provision.wanted();
    line.provision.want(count);
    departures.reduce(line, before - count);
    starts.want(line, now);
    register.dropWhenUnused(line, now);
  }

  // ---- time ----

  /** What the passing of time brings: those who waited too long, those who were idle too long. */
  public void tick(long now) {
    for (Line<S> line : register.linesNow()) {
      expireWaiters(line, now);
      departures.expireIdle(line, now);
      if (!line.waiters.isEmpty() || line.provision.wanted() > 0) {
        starts.want(line, now);
      }
      register.dropWhenUnused(line, now);
    }
    starts.beginWanted(now);
  }

  /** How many of each line run at a time is looked at again, and which need no more sandboxes. */
  public void adapt(HostLoad load, long now) {
    for (Line<S> line : register.linesNow()) {
      int before = line.width.places();
      line.width.adapt(load, now);
      line.crowd = load.crowds().contains(line.spec());
      if (line.width.places() > before && !line.waiters.isEmpty()) {
        serve(line.tenant, now);
        starts.want(line, now);
      }
    }
    starts.beginWanted(now);
  }

  private void expireWaiters(Line<S> line, long now) {
    long longest = limits.queueWait().toNanos();
    while (!line.waiters.isEmpty() && now - line.waiters.getFirst().arrivedNanos() >= longest) {
      Refusal refusal = admission.tooLate(line);
      answer(line.waiters.getFirst(), new Acquisition.Refused<>(refusal), now);
    }
  }

  // ---- looking ----

  /** What there is to do, in order. Empty most of the time. */
  public List<Action<S>> takeActions() {
    return actions.take();
  }

  /** What one tenant has now. */
  public Usage usage(String id) {
    List<Usage.OfFunction> functions = new ArrayList<>();
    for (Line<S> line : register.lines()) {
      if (line.tenant.id.equals(id)) {
        functions.add(usage(line));
      }
    }
    Tenant<S> tenant = register.tenant(id);
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
        line.waiters.size(),
        pool.leases(),
        line.provision.wanted(),
        line.provision.failure(),
        line.waiters.isEmpty() ? null : explanations.reason(line));
  }

  /** Why an invocation waits; empty when it does not. */
  public Optional<Waiting> waiting(UUID requestId, long now) {
    return explanations.waiting(requestId, now);
  }

  /** What does not fit together in the book; empty when all is well. */
  public List<String> inconsistencies() {
    return new Consistency<>(register).check(room, starts.starting());
  }

  /** How many tenants it knows of. */
  public int tenants() {
    return register.tenants();
  }

  public Collection<Line<S>> lines() {
    return register.lines();
  }

  public int waiting() {
    return room.size();
  }

  public int starting() {
    return starts.starting();
  }

  /** What those who wait wait for, and how many do. */
  public Map<Waiting.Reason, Integer> waitingFor() {
    Map<Waiting.Reason, Integer> counts = new EnumMap<>(Waiting.Reason.class);
    for (Line<S> line : register.lines()) {
      if (!line.waiters.isEmpty()) {
        counts.merge(explanations.reason(line), line.waiters.size(), Integer::sum);
      }
    }
    return counts;
  }

  /** How many starts have succeeded, by what they were made from. */
  public Map<StartKind, Long> starts() {
    return starts.succeeded();
  }
}
