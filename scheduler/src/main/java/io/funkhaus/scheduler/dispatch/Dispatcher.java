package io.funkhaus.scheduler.dispatch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.Invocation;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Usage;
import io.funkhaus.scheduler.Waiting;
import io.funkhaus.scheduler.dispatch.book.Acquisition;
import io.funkhaus.scheduler.dispatch.book.Action;
import io.funkhaus.scheduler.dispatch.book.DispatchBook;
import io.funkhaus.scheduler.dispatch.book.Refusals;
import io.funkhaus.scheduler.dispatch.book.Seat;
import io.funkhaus.scheduler.dispatch.book.StartFailure;
import io.funkhaus.scheduler.dispatch.book.StartTicket;
import io.funkhaus.scheduler.dispatch.book.Waiter;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.HostLoad;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.pool.Member;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.sandbox.Waited;
import io.funkhaus.scheduler.time.Ticker;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds or starts a sandbox for each invocation and runs it there. The lock and the threads around
 * {@link DispatchBook}: decides under the lock, acts (starts, destroys, wakes) after it.
 */
final class Dispatcher implements Invoker {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final int TRIES = 5;

  private final SandboxStarter starter;
  private final LongConsumer stemEviction;
  private final Executor starters;
  private final Ticker ticker;
  private final Map<Sandbox, Member<Seat<Sandbox>>> members = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final DispatchBook<Sandbox> book;

  Dispatcher(
      DispatchBook<Sandbox> book,
      SandboxStarter starter,
      LongConsumer stemEviction,
      Executor starters,
      Ticker ticker) {
    this.book = book;
    this.starter = starter;
    this.stemEviction = stemEviction;
    this.starters = starters;
    this.ticker = ticker;
  }

  @Override
  public Outcome invoke(SandboxSpec spec, Invocation invocation) {
    for (int i = 0; i < TRIES; i++) {
      if (Thread.currentThread().isInterrupted()) {
        return Outcomes.cancelledWhileWaiting();
      }
      Outcome outcome = attempt(spec, invocation);
      if (outcome != null) {
        return outcome;
      }
    }
    return Outcomes.noneSurvived(TRIES);
  }

  /** Null when its sandbox had ended before it could begin. */
  private @Nullable Outcome attempt(SandboxSpec spec, Invocation invocation) {
    Member<Seat<Sandbox>> free;
    Waiter<Sandbox> waiter = null;
    List<Action<Sandbox>> actions = List.of();
    lock.lock();
    try {
      long now = ticker.nanos();
      free = book.lend(spec, now);
      if (free == null) {
        waiter = book.arrive(spec, invocation.requestId(), now);
        actions = book.takeActions();
      }
    } finally {
      lock.unlock();
    }
    act(actions);
    return waiter == null || free != null
        ? run(Objects.requireNonNull(free), invocation, Waited.NOT_AT_ALL)
        : queue(waiter, invocation);
  }

  private @Nullable Outcome queue(Waiter<Sandbox> waiter, Invocation invocation) {
    try {
      return switch (waiter.await()) {
        case Acquisition.Granted<Sandbox>(var member, var waited) ->
            run(member, invocation, waited);
        case Acquisition.Refused<Sandbox>(var refusal) -> new Outcome.Refused(refusal);
        case Acquisition.Ended<Sandbox>(var outcome, var waited) ->
            Outcomes.seenBy(outcome, waited);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      tell(book -> book.leave(waiter, ticker.nanos()));
      return Outcomes.cancelledWhileWaiting();
    }
  }

  /** Null when the sandbox had ended before the invocation could begin: nothing has run. */
  private @Nullable Outcome run(
      Member<Seat<Sandbox>> member, Invocation invocation, Waited waited) {
    Sandbox sandbox = member.sandbox().sandbox();
    if (!sandbox.take()) {
      release(member, false);
      return null;
    }
    try {
      return sandbox.run(invocation, waited);
    } finally {
      release(member, sandbox.state() != Sandbox.State.DESTROYED);
    }
  }

  private void release(Member<Seat<Sandbox>> member, boolean usable) {
    List<Action<Sandbox>> actions;
    lock.lock();
    try {
      book.released(member, usable, ticker.nanos());
      actions = book.takeActions();
    } finally {
      lock.unlock();
    }
    act(actions);
  }

  @Override
  public void retire(SandboxSpec spec, String reason) {
    LOG.info("event=version_retired spec={} reason=\"{}\"", spec, reason);
    tell(book -> book.retire(spec, ticker.nanos()));
  }

  @Override
  public Optional<Waiting> waiting(UUID requestId) {
    return look(decisions -> decisions.waiting(requestId, ticker.nanos()));
  }

  @Override
  public void arrange(String tenant, List<FunctionScaling> functions) {
    LOG.info("event=concurrency_arranged tenant={} functions={}", tenant, functions.size());
    tell(book -> book.arrange(tenant, functions, ticker.nanos()));
  }

  @Override
  public Usage usage(String tenant) {
    return look(decisions -> decisions.usage(tenant));
  }

  /**
   * Memory for one more stem in stock; what comes back gives it back. Null when none is to spare.
   */
  @Nullable Runnable reserveForStem(long bytes) {
    Capacity.Reservation reserved = look(decisions -> decisions.reserveForStem(bytes));
    return reserved == null ? null : () -> tell(book -> book.stemGone(reserved, ticker.nanos()));
  }

  /** A sandbox has been destroyed, by whomever. */
  void destroyed(Sandbox sandbox) {
    Member<Seat<Sandbox>> member = members.remove(sandbox);
    if (member != null) {
      tell(book -> book.lost(member, ticker.nanos()));
    }
  }

  /** The regular look at what time has brought. */
  void tick() {
    tell(book -> book.tick(ticker.nanos()));
  }

  /** The regular look at how busy the host is, and with whom. */
  void adapt(HostLoad load) {
    tell(book -> book.adapt(load, ticker.nanos()));
  }

  /** No new invocations; those that run or wait go on. */
  void close() {
    tell(DispatchBook::close);
  }

  /** Those that wait are refused, idle sandboxes destroyed. */
  void shutDown() {
    tell(book -> book.shutDown(ticker.nanos()));
  }

  /** Something of the book, read under the lock. Must be quick. */
  <T extends @Nullable Object> T look(Function<DispatchBook<Sandbox>, T> question) {
    lock.lock();
    try {
      return question.apply(book);
    } finally {
      lock.unlock();
    }
  }

  private void tell(java.util.function.Consumer<DispatchBook<Sandbox>> what) {
    decide(book -> {
      what.accept(book);
      return book;
    });
  }

  private <T> T decide(Function<DispatchBook<Sandbox>, T> decision) {
    T result;
    List<Action<Sandbox>> actions;
    lock.lock();
    try {
      result = decision.apply(book);
      actions = book.takeActions();
    } finally {
      lock.unlock();
    }
    act(actions);
    return result;
  }

  private void act(List<Action<Sandbox>> actions) {
    for (Action<Sandbox> action : actions) {
      switch (action) {
        case Action.Start<Sandbox>(var ticket) -> starters.execute(() -> start(ticket));
        case Action.Destroy<Sandbox>(var sandbox, var reason) -> sandbox.destroy(reason);
        case Action.EvictStems<Sandbox>(var bytes) -> stemEviction.accept(bytes);
        case Action.Wake<Sandbox>(var waiter) -> waiter.wake();
      }
    }
  }

  private void start(StartTicket<Sandbox> ticket) {
    SandboxSpec spec = ticket.line().spec();
    SandboxStarter.Result result;
    try {
      result = starter.start(spec, () -> hasContainer(ticket), () -> gone(ticket));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("event=start_crashed spec={}", spec, e);
      result =
          new SandboxStarter.Result.Failed(new StartFailure.Platform(Refusals.sandboxBroken(spec)));
    }
    switch (result) {
      case SandboxStarter.Result.Ready(var sandbox, var kind) -> started(ticket, sandbox, kind);
      case SandboxStarter.Result.Failed(var failure) ->
          tell(book -> book.startFailed(ticket, failure, ticker.nanos()));
    }
  }

  private void started(StartTicket<Sandbox> ticket, Sandbox sandbox, StartKind kind) {
    decide(book -> {
      Member<Seat<Sandbox>> member = book.started(ticket, sandbox, kind, ticker.nanos());
      members.put(sandbox, member);
      return member;
    });
    if (sandbox.state() == Sandbox.State.DESTROYED) {
      destroyed(sandbox);
    }
  }

  private void hasContainer(StartTicket<Sandbox> ticket) {
    tell(book -> book.hasContainer(ticket, ticker.nanos()));
  }

  private void gone(StartTicket<Sandbox> ticket) {
    tell(book -> book.gone(ticket, ticker.nanos()));
  }
}
