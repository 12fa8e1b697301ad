package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.GuardedEngine;
import io.funkhaus.scheduler.engine.SeccompProfile;
import io.funkhaus.scheduler.fairness.ProcessorBalance;
import io.funkhaus.scheduler.fairness.ProcessorDemand;
import io.funkhaus.scheduler.polling.BusyPolling;
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
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sandboxes of this service, whatever they are used for, and what watches over them: deadlines,
 * connections, weights, removal, and the comparison with what the engine has. Decides nothing about
 * invocations. Made and closed by {@link SandboxScheduler}, which also says how often each round is
 * run; {@link StemPool} has its containers launched here.
 *
 * <p>What must not be broken: what watches over sandboxes is closed after the last of them is gone.
 */
final class Fleet implements StemPool.Launcher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
  private static final Duration REMOVAL_LIMIT = Duration.ofSeconds(10);

  private final SchedulerSettings settings;
  private final int processors;
  private final GuardedEngine engine;
  private final Sandboxes book = new Sandboxes();
  private final ProcessorBalance balance = new ProcessorBalance(book);
  private final ProcessorDemand demand;
  private final Ticker ticker;
  private final SocketWatcher watcher = new SocketWatcher();
  private final Remover remover;
  private final DeadlineWatch deadlines;
  private final Reaper reaper;
  private final SandboxLauncher launcher;

  /**
   * @param processors of the host
   * @param polling how the threads of callers wait
   * @param onDestroyed told, once for each sandbox, that it is used no more
   */
  Fleet(
      SchedulerSettings settings,
      ContainerEngine engine,
      SandboxScheduler.Time time,
      int processors,
      BusyPolling polling,
      Consumer<Sandbox> onDestroyed) {
    this.settings = settings;
    this.processors = processors;
    this.ticker = time.ticker();
    this.demand = new ProcessorDemand(book, processors);
    this.engine = new GuardedEngine(engine, time.ticker());
    this.remover = new Remover(this.engine, book);
    this.deadlines = new DeadlineWatch(book, time.ticker());
    this.reaper =
        new Reaper(
            this.engine,
            book,
            remover,
            new SandboxDirectories(settings.sandboxes()),
            settings.instance());
    this.launcher =
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
            polling,
            remover,
            onDestroyed);
  }

  void start() {
    watcher.start();
    deadlines.start();
  }

  @Override
  public Sandbox launch(StemKind kind, Runnable whenGone) throws EngineException, IOException {
    int megabytes = settings.stems().memoryMegabytes(kind.isolation());
    SandboxLauncher.Order order =
        new SandboxLauncher.Order(
            kind.runtime(), kind.isolation(), ContainerLimits.of(megabytes, processors));
    return launcher.launch(order, settings.startLimit(), whenGone);
  }

  // ---- rounds ----

  /** Stops the processes of those that have had nothing to do for long enough. */
  void freeze() {
    for (Sandbox sandbox : book.connected()) {
      sandbox.freezeIfResting(settings.lifetimes().freezeAfter());
    }
  }

  /** Divides the host's processors among those that are in use. */
  void balance() {
    balance.round();
  }

  /**
   * The function versions that alone want more processors than there are.
   *
   * @param busy whether the host is; otherwise there are none
   */
  Set<SandboxSpec> crowds(boolean busy) {
    if (!busy) {
      demand.forget();
      return Set.of();
    }
    return demand.crowds(ticker.nanos());
  }

  /** Removes what nobody wants, gives up what is gone. */
  void reap() throws EngineException, IOException {
    int removed = reaper.round();
    if (removed > 0) {
      LOG.info("event=reaper_round removed={}", removed);
    }
  }

  // ---- looks ----

  /**
   * The containers of one version, as the engine names them, also those that are on their way out.
   */
  Set<String> containers(SandboxSpec spec) {
    return book.connected().stream()
        .filter(sandbox -> spec.equals(sandbox.spec()))
        .map(Sandbox::container)
        .collect(Collectors.toSet());
  }

  int frozen() {
    return (int) book.connected().stream().filter(Sandbox::frozen).count();
  }

  /** Those on their way out. */
  int leaving() {
    return remover.pending();
  }

  /** Whether the container engine answers. */
  boolean engineAvailable() {
    return !engine.unavailable();
  }

  // ---- end ----

  /** Destroys every sandbox and waits, for a limited time, until their containers are gone. */
  void destroyAll() throws InterruptedException {
    for (Sandbox sandbox : book.connected()) {
      sandbox.destroy(DestroyReason.SHUTDOWN);
    }
    if (!remover.awaitNone(REMOVAL_LIMIT)) {
      LOG.warn("event=sandboxes_left_behind count={}", book.wanted().size());
    }
  }

  @Override
  public void close() {
    deadlines.close();
    remover.close();
    watcher.close();
    engine.close();
  }
}
