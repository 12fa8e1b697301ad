package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Usage;
import io.funkhaus.scheduler.pool.Lifetimes;
import io.funkhaus.scheduler.pool.Member;
import io.funkhaus.scheduler.pool.SandboxPool;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.sandbox.Waited;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
final class DispatchBook<S> {
  private final Limits limits;
  private final Admission admission;
  private final Actions<S> actions = new Actions<>();
  private final WaitingRoom<S> room = new WaitingRoom<>(actions);
  private final Register<S> register;
  private final MemoryShares<S> memory;
  private final Departures<S> departures;
  private final Starts<S> starts;

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
    this.admission = new Admission(limits, capacity);
    this.register = new Register<>(lifetimes, random);
    this.memory = new MemoryShares<>(capacity);
    this.departures = new Departures<>(register, memory, actions);
    this.starts = new Starts<>(limits, startPolicy, register, memory, departures, actions);
  }

  // ---- arriving ----

  /** The warm path: an idle sandbox, when there is one and no limit is in the way. */
  @Nullable Member<Seat<S>> lend(SandboxSpec spec, long now) {
    Line<S> line = register.find(spec);
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
    Line<S> line = register.line(spec);
    Waiter<S> waiter = new Waiter<>(line, now);
    Refusal refusal = closed ? Refusals.shuttingDown() : admission.refusal(line, room.size(), now);
    if (refusal != null) {
      waiter.answer(new Acquisition.Refused<>(refusal));
      register.dropWhenUnused(line, now);
      return waiter;
    }
    room.enter(waiter);
    serve(line.tenant, now);
    starts.want(line, now);
    starts.beginWanted(now);
    return waiter;
  }

  /** The caller went away. The member it had been granted meanwhile, if it had, goes back. */
  void leave(Waiter<S> waiter, long now) {
    if (waiter.answer() instanceof Acquisition.Granted<S> granted) {
      released(granted.member(), true, now);
      return;
    }
    if (waiter.answer() == null && room.leave(waiter)) {
      left(waiter.line(), now);
    }
  }

  private void left(Line<S> line, long now) {
    if (line.waiters.isEmpty()) {
      starts.unwant(line);
      register.dropWhenUnused(line, now);
    }
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
    if (room.size() > 0) {
      serve(line.tenant, now);
      line.tenant.waitingLines.forEach(waitingLine -> starts.want(waitingLine, now));
      starts.beginWanted(now);
    }
  }

  private void takeBack(Line<S> line, Member<Seat<S>> member, boolean usable, long now) {
    if (member.state() == Member.State.LEAVING) {
      register.dropWhenUnused(line, now);
    } else if (!usable) {
      departures.depart(line, member, now);
    } else if (over) {
      departures.destroy(line, member, DestroyReason.SHUTDOWN, now);
    } else if (line.pool.worn(member, now)) {
      departures.destroy(line, member, Departures.whyOver(line, member, now), now);
    } else if (memory.mustGive(line, register.lines())) {
      departures.destroy(line, member, DestroyReason.EVICTED, now);
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
    departures.depart(line, member, now);
    starts.want(line, now);
    starts.beginWanted(now);
    register.dropWhenUnused(line, now);
  }

  /** Gives idle sandboxes of a tenant to those who wait, the one who came first first. */
  private void serve(Tenant<S> tenant, long now) {
    while (tenant.running < limits.tenantConcurrency()) {
      Line<S> next = nextToServe(tenant);
      if (next == null) {
        return;
      }
      Member<Seat<S>> member = next.pool.lend(now);
      Waiter<S> waiter = next.waiters.peekFirst();
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
    room.answer(waiter, answer);
    left(waiter.line(), now);
  }

  // ---- starting ----

  /** A start has succeeded. The sandbox is idle, or lent already, when this returns. */
  Member<Seat<S>> started(StartTicket<S> ticket, S sandbox, long now) {
    Line<S> line = ticket.line();
    long took = now - ticket.decidedNanos();
    starts.succeeded(line, took);
    Member<Seat<S>> member =
        line.pool.startSucceeded(new Seat<>(ticket, sandbox), ticket.generation(), took, now);
    if (over) {
      departures.destroy(line, member, DestroyReason.SHUTDOWN, now);
      return member;
    }
    serve(line.tenant, now);
    if (member.state() == Member.State.IDLE && line.pool.worn(member, now)) {
      departures.destroy(line, member, Departures.whyOver(line, member, now), now);
    }
    starts.want(line, now);
    starts.beginWanted(now);
    return member;
  }

  /** A start has failed: whoever can only wait for such a start is told. */
  void startFailed(StartTicket<S> ticket, StartFailure failure, long now) {
    Line<S> line = ticket.line();
    starts.ended(line);
    switch (failure) {
      case StartFailure.Init init -> line.pool.initFailed(init.summary(), now);
      case StartFailure.Platform platform -> line.pool.startFailed();
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
  void gone(StartTicket<S> ticket, long now) {
    if (memory.gone(ticket)) {
      starts.beginWanted(now);
      register.dropWhenUnused(ticket.line(), now);
    }
  }

  /** What is there of this version now is not lent any more. */
  void retire(SandboxSpec spec, long now) {
    Line<S> line = register.find(spec);
    if (line == null) {
      return;
    }
    line.pool.retire();
    departures.expireIdle(line, now);
    register.dropWhenUnused(line, now);
  }

  /** From now on everybody is refused; those who run or wait go on. */
  void close() {
    closed = true;
  }

  /** The end: those who wait are refused, those who are idle destroyed. */
  void shutDown(long now) {
    closed = true;
    over = true;
    for (Line<S> line : register.linesNow()) {
      answerAll(line, new StartFailure.Platform(Refusals.shuttingDown()), 0, now);
      departures.destroyIdle(line, DestroyReason.SHUTDOWN, now);
    }
  }

  // ---- time ----

  /** What the passing of time brings: those who waited too long, those who were idle too long. */
  void tick(long now) {
    for (Line<S> line : register.linesNow()) {
      expireWaiters(line, now);
      departures.expireIdle(line, now);
      if (!line.waiters.isEmpty()) {
        starts.want(line, now);
      }
      register.dropWhenUnused(line, now);
    }
    starts.beginWanted(now);
  }

  private void expireWaiters(Line<S> line, long now) {
    long longest = limits.queueWait().toNanos();
    while (!line.waiters.isEmpty() && now - line.waiters.getFirst().arrivedNanos() >= longest) {
      Refusal refusal = admission.because(line);
      answer(line.waiters.getFirst(), new Acquisition.Refused<>(refusal), now);
    }
  }

  // ---- looking ----

  /** What there is to do, in order. Empty most of the time. */
  List<Action<S>> takeActions() {
    return actions.take();
  }

  /** What one tenant has now. */
  Usage usage(String id) {
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
        line.waiters.size());
  }

  /** How many tenants it knows of. */
  int tenants() {
    return register.tenants();
  }

  Collection<Line<S>> lines() {
    return register.lines();
  }

  int waiting() {
    return room.size();
  }

  int starting() {
    return starts.starting();
  }

  /** How many starts have succeeded. */
  long starts() {
    return starts.succeeded();
  }
}
