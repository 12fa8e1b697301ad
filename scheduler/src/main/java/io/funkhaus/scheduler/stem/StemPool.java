package io.funkhaus.scheduler.stem;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps containers ready whose language runtime waits for a function, so that a start need not wait
 * for one to be made. Every start takes its container from here: one of the stock, or the next one
 * that is ready. Lock and threads around {@link StemBook}.
 */
public final class StemPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StemPool.class);

  /** Makes the containers. */
  @FunctionalInterface
  public interface Launcher {

    /**
     * Blocks until the stem is there.
     *
     * @param whenGone told, exactly once, when nothing is left of it, however it ended
     */
    Sandbox launch(StemKind kind, Runnable whenGone) throws EngineException, IOException;
  }

  private final Launcher launcher;
  private final StemMemory memory;
  private final StemSettings settings;
  private final Duration launchLimit;
  private final Ticker ticker;
  private final ExecutorService workers =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("stem-launcher-", 0).factory());
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final StemBook<Sandbox> book;

  /** As of the last decision; read without the lock. */
  private volatile List<StemCount> counts = List.of();

  /**
   * @param parallel containers that are made at the same time
   * @param launchLimit how long making one may take
   */
  public StemPool(
      StemSettings settings,
      int parallel,
      Launcher launcher,
      StemMemory memory,
      Duration launchLimit,
      Ticker ticker) {
    this.launcher = launcher;
    this.memory = memory;
    this.settings = settings;
    this.launchLimit = launchLimit;
    this.ticker = ticker;
    this.book = new StemBook<>(settings, parallel, RandomGenerator.getDefault());
  }

  /** Begins to keep some of each ready. */
  public void start(List<StemKind> installed) {
    tell(decisions -> installed.forEach(kind -> decisions.install(kind, ticker.nanos())));
  }

  /** So many are likely to be wanted. */
  public void expect(StemKind kind, int count) {
    tell(decisions -> decisions.expect(kind, count, ticker.nanos()));
  }

  // ---- taking ----

  /**
   * The beginning of one start, which may take stems until it is closed.
   *
   * @param whenGone gives back the memory that the start has reserved; run once, when the start is
   *     over and nothing is left of what it took
   */
  public Taking taking(Runnable whenGone) {
    return new Taking(new StemTaker<>(whenGone));
  }

  /** One start's claim. Used by one thread. */
  public final class Taking implements AutoCloseable {
    private final StemTaker<Sandbox> taker;
    private boolean closed;

    private Taking(StemTaker<Sandbox> taker) {
      this.taker = taker;
    }

    /**
     * A stem that is nobody else's and was alive a moment ago; waits for one to be made when none
     * is in stock. To be asked again when it turns out to have died.
     */
    public Sandbox next(StemKind kind) throws EngineException, IOException {
      long deadline = ticker.nanos() + launchLimit.toNanos();
      tell(decisions -> decisions.take(kind, taker, ticker.nanos()));
      while (true) {
        Sandbox sandbox = granted(kind, deadline);
        if (sandbox.state() == Sandbox.State.STEM) {
          return sandbox;
        }
        tell(decisions -> decisions.retake(taker, ticker.nanos()));
      }
    }

    private Sandbox granted(StemKind kind, long deadline) throws EngineException, IOException {
      return switch (answer(kind, deadline)) {
        case StemTaker.Answer.Granted<Sandbox>(var sandbox) -> sandbox;
        case StemTaker.Answer.Failed<Sandbox>(EngineException e) -> throw e;
        case StemTaker.Answer.Failed<Sandbox>(Exception e) -> throw new IOException(e);
      };
    }

    private StemTaker.Answer<Sandbox> answer(StemKind kind, long deadline) throws IOException {
      try {
        StemTaker.Answer<Sandbox> answer = taker.await(ticker, deadline);
        if (answer == null) {
          throw new IOException(
              "no stem of %s was ready within %d ms".formatted(kind, launchLimit.toMillis()));
        }
        return answer;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for a stem of " + kind, e);
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        tell(decisions -> decisions.over(taker, ticker.nanos()));
      }
    }
  }

  // ---- events ----

  /** A sandbox has been destroyed, by whomever; most are not stems any more. */
  public void destroyed(Sandbox sandbox) {
    if (sandbox.spec() == null) {
      tell(decisions -> decisions.died(sandbox, ticker.nanos()));
    }
  }

  /** Functions need memory of the host: gives up so much of the stock, if it has it. */
  public void evict(long bytes) {
    tell(decisions -> decisions.evict(bytes, ticker.nanos()));
  }

  /** The regular look at what time has brought. */
  public void tick() {
    tell(decisions -> decisions.tick(ticker.nanos()));
  }

  /** Whether the host has processor time to spare. Called every now and then. */
  public void leisure(boolean there) {
    tell(decisions -> decisions.leisure(there));
  }

  // ---- looking ----

  public List<StemCount> counts() {
    return counts;
  }

  /** How many wait for a function now, as of a moment ago. */
  public int ready(StemKind kind) {
    return ready(kind.runtime().name(), kind.runtime().architecture(), kind.isolation());
  }

  public int ready(String runtime, Architecture architecture, Isolation isolation) {
    for (StemCount count : counts) {
      StemKind kind = count.kind();
      boolean named = kind.runtime().name().equals(runtime);
      if (named && kind.runtime().architecture() == architecture && kind.isolation() == isolation) {
        return count.ready();
      }
    }
    return 0;
  }

  // ---- doing ----

  private void tell(Consumer<StemBook<Sandbox>> event) {
    List<StemAction<Sandbox>> actions;
    lock.lock();
    try {
      event.accept(book);
      actions = book.takeActions();
      counts = book.counts();
    } finally {
      lock.unlock();
    }
    act(actions);
  }

  private void act(List<StemAction<Sandbox>> actions) {
    for (StemAction<Sandbox> action : actions) {
      switch (action) {
        case StemAction.Reserve<Sandbox>(var shelf) ->
            work(() -> reserve(shelf), book -> book.notReserved(shelf, ticker.nanos()));
        case StemAction.Launch<Sandbox>(var stem) ->
            work(() -> launch(stem), book -> book.notLaunched(stem, ticker.nanos()));
        case StemAction.Destroy<Sandbox>(var sandbox, var reason) -> sandbox.destroy(reason);
        case StemAction.Release<Sandbox>(var reserved) -> reserved.run();
        case StemAction.Wake<Sandbox>(var taker) -> taker.wake();
      }
    }
  }

  private void work(Runnable task, Consumer<StemBook<Sandbox>> tooLate) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException closed) {
      tell(tooLate);
    }
  }

  private void reserve(StemShelf<Sandbox> shelf) {
    Runnable reserved = memory.tryReserve(settings.memoryBytes(shelf.kind.isolation()));
    if (reserved == null) {
      tell(decisions -> decisions.notReserved(shelf, ticker.nanos()));
    } else {
      tell(decisions -> decisions.reserved(shelf, reserved, ticker.nanos()));
    }
  }

  private void launch(Stem<Sandbox> stem) {
    StemKind kind = stem.shelf.kind;
    Sandbox sandbox;
    try {
      sandbox = launcher.launch(kind, () -> tell(book -> book.gone(stem, ticker.nanos())));
    } catch (EngineException | IOException e) {
      LOG.warn("event=stem_failed kind={} error=\"{}\"", kind, e.getMessage());
      tell(decisions -> decisions.failed(stem, e, ticker.nanos()));
      return;
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("event=stem_crashed kind={}", kind, e);
      IOException told = new IOException("the start of a container crashed", e);
      tell(decisions -> decisions.failed(stem, told, ticker.nanos()));
      return;
    }
    tell(decisions -> decisions.launched(stem, sandbox, ticker.nanos()));
    if (sandbox.state() == Sandbox.State.DESTROYED) {
      destroyed(sandbox);
    }
  }

  /** Those who wait are told, the stock is destroyed. */
  @Override
  public void close() {
    tell(decisions -> decisions.close(ticker.nanos()));
    workers.shutdown();
    try {
      if (!workers.awaitTermination(launchLimit.toMillis(), TimeUnit.MILLISECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
