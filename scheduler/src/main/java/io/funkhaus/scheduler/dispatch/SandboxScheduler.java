package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.CodeStore;
import io.funkhaus.scheduler.Forecast;
import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.Invocation;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.RuntimeCatalog;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Usage;
import io.funkhaus.scheduler.Waiting;
import io.funkhaus.scheduler.dispatch.book.DispatchBook;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.HostLoad;
import io.funkhaus.scheduler.dispatch.policy.StartPolicy;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.polling.BusyPolling;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.stem.StemKind;
import io.funkhaus.scheduler.stem.StemPool;
import io.funkhaus.scheduler.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The whole scheduler, put together. Made and started once by the application, which closes it
 * after the last caller is gone.
 *
 * <pre>
 *   new SandboxScheduler(…)  →  start()  →  invoke(…) …  →  drain(limit)  →  close()
 * </pre>
 */
public final class SandboxScheduler implements Invoker, Forecast, AutoCloseable {
  private static final Duration TICK_PERIOD = Duration.ofMillis(20);
  private static final Duration FREEZE_PERIOD = Duration.ofMillis(100);
  private static final Duration BALANCE_PERIOD = Duration.ofMillis(100);
  private static final Duration LOAD_PERIOD = Duration.ofMillis(250);
  private static final Duration REAPER_PERIOD = Duration.ofSeconds(10);
  private static final long DRAIN_LOOK_MILLIS = 20;

  private final SchedulerSettings settings;
  private final RuntimeCatalog runtimes;
  private final Capacity capacity;
  private final Fleet fleet;
  private final StemPool stems;
  private final Dispatcher dispatcher;
  private final BusyPolling polling;
  private final Processors processors;
  private final Rounds rounds = new Rounds();
  private final ExecutorService starters;
  private final Tally<DestroyReason> destroys = new Tally<>(DestroyReason.class);
  private final Tally<Refusal.Limit> refusals = new Tally<>(Refusal.Limit.class);
  private final AtomicLong running = new AtomicLong();

  /**
   * @param runtimes and {@code code}: what the application knows about images and bundles
   */
  public SandboxScheduler(
      SchedulerSettings settings, ContainerEngine engine, RuntimeCatalog runtimes, CodeStore code) {
    this(
        settings,
        engine,
        runtimes,
        code,
        new Time(Ticker.system(), InstantSource.system()),
        Processors.ofHost());
  }

  /** Both clocks. */
  record Time(Ticker ticker, InstantSource clock) {}

  SandboxScheduler(
      SchedulerSettings settings,
      ContainerEngine engine,
      RuntimeCatalog runtimes,
      CodeStore code,
      Time time,
      Processors processors) {
    int processorCount = Runtime.getRuntime().availableProcessors();
    this.settings = settings;
    this.processors = processors;
    this.runtimes = runtimes;
    this.capacity = new Capacity(settings.limits().memoryBudgetBytes());
    this.polling = new BusyPolling(processorCount, time.ticker());
    this.fleet = new Fleet(settings, engine, time, processorCount, polling, this::destroyed);
    this.starters =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("sandbox-starter-", 0).factory());
    this.stems =
        new StemPool(
            settings.stems(),
            settings.limits().parallelStarts(),
            fleet,
            this::reserveForStem,
            settings.startLimit(),
            time.ticker());
    this.dispatcher =
        new Dispatcher(
            new DispatchBook<>(
                settings.limits(),
                settings.lifetimes(),
                new StartPolicy(processorCount),
                this::readyStems,
                capacity,
                RandomGenerator.getDefault()),
            new SandboxStarter(stems, runtimes, code, settings.initLimit()),
            stems::evict,
            starters,
            time.ticker());
  }

  /**
   * Removes what an earlier run has left and begins to work. An engine that does not answer now is
   * no reason not to start: what it has is compared as soon as it does.
   */
  public void start() {
    fleet.start();
    rounds.once("reap", fleet::reap);
    stems.start(
        runtimes.all().stream()
            .map(runtime -> new StemKind(runtime, Isolation.CONTAINER))
            .toList());
    rounds.every(TICK_PERIOD, "tick", this::tick);
    rounds.every(BALANCE_PERIOD, "balance", fleet::balance);
    rounds.every(LOAD_PERIOD, "load", this::look);
    rounds.every(REAPER_PERIOD, "reap", fleet::reap);
    rounds.every(FREEZE_PERIOD, "freeze", fleet::freeze);
  }

  private void tick() {
    dispatcher.tick();
    stems.tick();
  }

  private void look() {
    double idle = processors.idle();
    HostLoad load = new HostLoad(idle, fleet.crowds(HostLoad.busy(idle)));
    dispatcher.adapt(load);
    stems.leisure(load.spare());
    allowPolling(load);
  }

  /** Between busy and spare it stays as it was: what polling itself takes must not end it. */
  private void allowPolling(HostLoad load) {
    if (load.busy()) {
      polling.allow(false);
    } else if (load.spare()) {
      polling.allow(true);
    }
  }

  private void destroyed(Sandbox sandbox) {
    DestroyReason reason = sandbox.destroyReason();
    if (reason != null) {
      destroys.count(reason);
    }
    dispatcher.destroyed(sandbox);
    stems.destroyed(sandbox);
  }

  private int readyStems(SandboxSpec spec) {
    return stems.ready(spec.runtime(), spec.architecture(), spec.isolation());
  }

  private @Nullable Runnable reserveForStem(long bytes) {
    return dispatcher.reserveForStem(bytes);
  }

  @Override
  public Outcome invoke(SandboxSpec spec, Invocation invocation) {
    running.incrementAndGet();
    polling.begun();
    try {
      Outcome outcome = dispatcher.invoke(spec, invocation);
      if (outcome instanceof Outcome.Refused(var refusal)) {
        refusals.count(refusal.limit());
      }
      return outcome;
    } finally {
      polling.ended();
      running.decrementAndGet();
    }
  }

  @Override
  public void firstCalls(
      String runtime, Architecture architecture, Isolation isolation, int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count must be 0 or more, was " + count);
    }
    runtimes
        .find(runtime, architecture)
        .ifPresent(found -> stems.expect(new StemKind(found, isolation), count));
  }

  @Override
  public void retire(SandboxSpec spec, String reason) {
    dispatcher.retire(spec, reason);
  }

  @Override
  public Optional<Waiting> waiting(UUID requestId) {
    return dispatcher.waiting(requestId);
  }

  @Override
  public void arrange(String tenant, List<FunctionScaling> functions) {
    dispatcher.arrange(tenant, functions);
  }

  @Override
  public Usage usage(String tenant) {
    return dispatcher.usage(tenant);
  }

  /** What does not fit together in the books; empty when all is well. */
  public List<String> inconsistencies() {
    return dispatcher.look(DispatchBook::inconsistencies);
  }

  /**
   * The containers of one version, as the engine names them, also those that are on their way out.
   */
  public Set<String> containers(SandboxSpec spec) {
    return fleet.containers(spec);
  }

  /** How whoever waits for the next call of a client may wait. */
  public BusyPolling polling() {
    return polling;
  }

  public SchedulerSnapshot snapshot() {
    return dispatcher.look(this::snapshot);
  }

  private SchedulerSnapshot snapshot(DispatchBook<Sandbox> decisions) {
    return new SchedulerSnapshot(
        decisions.lines().stream().map(SchedulerSnapshot.PoolSnapshot::of).toList(),
        decisions.waiting(),
        decisions.waitingFor(),
        decisions.starting(),
        fleet.frozen(),
        fleet.leaving(),
        capacity.reservedBytes(),
        capacity.budgetBytes(),
        stems.counts(),
        decisions.starts(),
        refusals.sums(),
        destroys.sums(),
        fleet.engineAvailable());
  }

  /**
   * Refuses new invocations and waits for those that run or wait.
   *
   * @return false when some were still there at the limit
   */
  public boolean drain(Duration limit) throws InterruptedException {
    dispatcher.close();
    for (long left = limit.toMillis(); left > 0 && running.get() > 0; left -= DRAIN_LOOK_MILLIS) {
      Thread.sleep(DRAIN_LOOK_MILLIS);
    }
    return running.get() == 0;
  }

  /** Destroys every sandbox and waits, for a limited time, until their containers are gone. */
  @Override
  public void close() {
    dispatcher.shutDown();
    stems.close();
    starters.shutdown();
    try {
      if (!starters.awaitTermination(settings.startLimit().toMillis(), TimeUnit.MILLISECONDS)) {
        starters.shutdownNow();
      }
      fleet.destroyAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      rounds.close();
      fleet.close();
    }
  }
}
