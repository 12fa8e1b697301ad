package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.CodeStore;
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
import io.funkhaus.scheduler.dispatch.book.Line;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.StartPolicy;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.GuardedEngine;
import io.funkhaus.scheduler.engine.SeccompProfile;
import io.funkhaus.scheduler.fairness.ProcessorBalance;
import io.funkhaus.scheduler.pool.Reaper;
import io.funkhaus.scheduler.sandbox.DeadlineWatch;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.sandbox.Remover;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.sandbox.SandboxDirectories;
import io.funkhaus.scheduler.sandbox.SandboxLauncher;
import io.funkhaus.scheduler.sandbox.Sandboxes;
import io.funkhaus.scheduler.sandbox.SocketWatcher;
import io.funkhaus.scheduler.stem.StemKind;
import io.funkhaus.scheduler.stem.StemPool;
import io.funkhaus.scheduler.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole scheduler, put together. Made and started once by the application, which closes it
 * after the last caller is gone.
 *
 * <pre>
 *   new SandboxScheduler(…)  →  start()  →  invoke(…) …  →  drain(limit)  →  close()
 * </pre>
 */
public final class SandboxScheduler implements Invoker, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxScheduler.class);
  private static final long TICK_MILLIS = 20;
  private static final Duration FREEZE_PERIOD = Duration.ofMillis(100);
  private static final Duration BALANCE_PERIOD = Duration.ofMillis(100);
  private static final Duration WIDTH_PERIOD = Duration.ofMillis(250);
  private static final Duration REAPER_PERIOD = Duration.ofSeconds(10);
  private static final Duration REMOVAL_LIMIT = Duration.ofSeconds(10);

  private final GuardedEngine engine;
  private final SchedulerSettings settings;
  private final Capacity capacity;
  private final Sandboxes book = new Sandboxes();
  private final ProcessorBalance balance = new ProcessorBalance(book);
  private final SocketWatcher watcher = new SocketWatcher();
  private final Remover remover;
  private final DeadlineWatch deadlines;
  private final Reaper reaper;
  private final StemPool stems;
  private final RuntimeCatalog runtimes;
  private final Dispatcher dispatcher;
  private final Processors processors = Processors.ofHost();
  private final ExecutorService starters;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          4, Thread.ofPlatform().daemon().name("scheduler-timer-", 0).factory());
  private final List<Future<?>> rounds = new CopyOnWriteArrayList<>();
  private final Map<DestroyReason, LongAdder> destroys = new ConcurrentHashMap<>();
  private final Map<Refusal.Limit, LongAdder> refusals = new ConcurrentHashMap<>();
  private final AtomicLong running = new AtomicLong();

  /**
   * @param runtimes and {@code code}: what the application knows about images and bundles
   */
  public SandboxScheduler(
      SchedulerSettings settings, ContainerEngine engine, RuntimeCatalog runtimes, CodeStore code) {
    this(settings, engine, runtimes, code, new Time(Ticker.system(), InstantSource.system()));
  }

  /** Both clocks. */
  record Time(Ticker ticker, InstantSource clock) {}

  SandboxScheduler(
      SchedulerSettings settings,
      ContainerEngine engine,
      RuntimeCatalog runtimes,
      CodeStore code,
      Time time) {
    int processors = Runtime.getRuntime().availableProcessors();
    this.settings = settings;
    this.runtimes = runtimes;
    this.engine = new GuardedEngine(engine, time.ticker());
    this.capacity = new Capacity(settings.limits().memoryBudgetBytes());
    this.remover = new Remover(this.engine, book);
    this.deadlines = new DeadlineWatch(book, time.ticker());
    this.reaper =
        new Reaper(
            this.engine,
            book,
            remover,
            new SandboxDirectories(settings.sandboxes()),
            settings.instance());
    this.starters =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("sandbox-starter-", 0).factory());
    SandboxLauncher launcher =
        new SandboxLauncher(
            this.engine,
            book,
            new SandboxLauncher.Site(
                settings.sandboxes(),
                settings.instance(),
                String.valueOf(time.clock().millis()),
                processors,
                SeccompProfile.load()),
            time.ticker(),
            time.clock(),
            watcher,
            remover,
            this::destroyed);
    this.stems =
        new StemPool(
            settings.stems(),
            settings.limits().parallelStarts(),
            (kind, whenGone) ->
                launcher.launch(
                    new SandboxLauncher.Order(
                        kind.runtime(),
                        kind.isolation(),
                        ContainerLimits.of(
                            settings.stems().memoryMegabytes(kind.isolation()), processors)),
                    settings.startLimit(),
                    whenGone),
            this::reserveForStem,
            settings.startLimit(),
            time.ticker());
    this.dispatcher =
        new Dispatcher(
            new DispatchBook<>(
                settings.limits(),
                settings.lifetimes(),
                new StartPolicy(processors),
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
    watcher.start();
    deadlines.start();
    reap();
    stems.start(
        runtimes.all().stream()
            .map(runtime -> new StemKind(runtime, Isolation.CONTAINER))
            .toList());
    every(Duration.ofMillis(TICK_MILLIS), this::tick);
    every(BALANCE_PERIOD, this::balance);
    every(WIDTH_PERIOD, this::adaptWidths);
    every(REAPER_PERIOD, this::reap);
    every(FREEZE_PERIOD, this::freeze);
  }

  private void every(Duration period, Runnable round) {
    rounds.add(
        timer.scheduleWithFixedDelay(
            round, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void tick() {
    try {
      dispatcher.tick();
      stems.tick();
    } catch (RuntimeException e) {
      LOG.error("event=tick_failed", e);
    }
  }

  private void freeze() {
    try {
      for (Sandbox sandbox : book.connected()) {
        sandbox.freezeIfResting(settings.lifetimes().freezeAfter());
      }
    } catch (RuntimeException e) {
      LOG.error("event=freeze_round_failed", e);
    }
  }

  private void balance() {
    try {
      balance.round();
    } catch (RuntimeException e) {
      LOG.error("event=balance_failed", e);
    }
  }

  private void adaptWidths() {
    try {
      dispatcher.adaptWidths(processors.busy());
    } catch (RuntimeException e) {
      LOG.error("event=width_round_failed", e);
    }
  }

  private void reap() {
    try {
      int removed = reaper.round();
      if (removed > 0) {
        LOG.info("event=reaper_round removed={}", removed);
      }
    } catch (EngineException | IOException | RuntimeException e) {
      LOG.warn("event=reaper_round_failed error=\"{}\"", e.getMessage());
    }
  }

  private void destroyed(Sandbox sandbox) {
    DestroyReason reason = sandbox.destroyReason();
    if (reason != null) {
      count(destroys, reason);
    }
    dispatcher.destroyed(sandbox);
    stems.destroyed(sandbox);
  }

  private static <K> void count(Map<K, LongAdder> counts, K what) {
    counts.computeIfAbsent(what, first -> new LongAdder()).increment();
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
    try {
      Outcome outcome = dispatcher.invoke(spec, invocation);
      if (outcome instanceof Outcome.Refused(var refusal)) {
        count(refusals, refusal.limit());
      }
      return outcome;
    } finally {
      running.decrementAndGet();
    }
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
    return book.connected().stream()
        .filter(sandbox -> spec.equals(sandbox.spec()))
        .map(Sandbox::container)
        .collect(Collectors.toSet());
  }

  public SchedulerSnapshot snapshot() {
    return dispatcher.look(this::snapshot);
  }

  private SchedulerSnapshot snapshot(DispatchBook<Sandbox> decisions) {
    List<SchedulerSnapshot.PoolSnapshot> pools = new ArrayList<>();
    for (Line<Sandbox> line : decisions.lines()) {
      SandboxSpec spec = line.spec();
      pools.add(
          new SchedulerSnapshot.PoolSnapshot(
              spec.tenant(),
              spec.function(),
              spec.version(),
              line.idle(),
              line.busy(),
              line.starting(),
              line.waiting()));
    }
    return new SchedulerSnapshot(
        pools,
        decisions.waiting(),
        decisions.waitingFor(),
        decisions.starting(),
        frozen(),
        remover.pending(),
        capacity.reservedBytes(),
        capacity.budgetBytes(),
        stems.counts(),
        decisions.starts(),
        sums(refusals, Refusal.Limit.class),
        sums(destroys, DestroyReason.class),
        !engine.unavailable());
  }

  private int frozen() {
    return (int) book.connected().stream().filter(Sandbox::frozen).count();
  }

  private static <E extends Enum<E>> Map<E, Long> sums(Map<E, LongAdder> counts, Class<E> kinds) {
    Map<E, Long> sums = new EnumMap<>(kinds);
    counts.forEach((kind, count) -> sums.put(kind, count.sum()));
    return sums;
  }

  /**
   * Refuses new invocations and waits for those that run or wait.
   *
   * @return false when some were still there at the limit
   */
  public boolean drain(Duration limit) throws InterruptedException {
    dispatcher.close();
    for (long left = limit.toMillis(); left > 0 && running.get() > 0; left -= TICK_MILLIS) {
      Thread.sleep(TICK_MILLIS);
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
      for (Sandbox sandbox : book.connected()) {
        sandbox.destroy(DestroyReason.SHUTDOWN);
      }
      if (!remover.awaitNone(REMOVAL_LIMIT)) {
        LOG.warn("event=sandboxes_left_behind count={}", book.wanted().size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      rounds.forEach(round -> round.cancel(true));
      timer.shutdownNow();
      deadlines.close();
      remover.close();
      watcher.close();
      engine.close();
    }
  }
}
