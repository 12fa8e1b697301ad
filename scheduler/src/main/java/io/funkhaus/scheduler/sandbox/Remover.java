package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.EngineException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is left of sandboxes off the host, in the background: container first, then directory.
 * What the engine does not remove now stays in the book and is tried again by the reaper's round,
 * until it is verifiably gone; only then its memory is free for others.
 */
public final class Remover implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Remover.class);
  private static final int PARALLEL = 4;

  private final ContainerEngine engine;
  private final Sandboxes book;
  private final Map<String, Remains> pending = new ConcurrentHashMap<>();
  private final ExecutorService workers;

  public Remover(ContainerEngine engine, Sandboxes book) {
    this.engine = engine;
    this.book = book;
    this.workers =
        Executors.newFixedThreadPool(
            PARALLEL, Thread.ofPlatform().daemon().name("sandbox-remover-", 0).factory());
  }

  void remove(Remains remains) {
    if (pending.putIfAbsent(remains.id(), remains) == null) {
      submit(remains);
    }
  }

  /** Another try at everything that is still there. */
  public void retry() {
    pending.values().forEach(this::submit);
  }

  /** How many are on their way out. */
  public int pending() {
    return pending.size();
  }

  private void submit(Remains remains) {
    try {
      workers.execute(() -> work(remains));
    } catch (RejectedExecutionException closed) {
      LOG.warn("event=sandbox_left_behind sandbox={} reason=shutdown", remains.id());
    }
  }

  private void work(Remains remains) {
    if (!pending.containsKey(remains.id())) {
      return;
    }
    try {
      String container = remains.container();
      if (container != null) {
        removeContainer(container);
      }
      remains.tidy().run();
    } catch (EngineException | IOException e) {
      LOG.warn("event=remove_failed sandbox={} error=\"{}\"", remains.id(), e.getMessage());
      return;
    }
    if (pending.remove(remains.id(), remains)) {
      book.forget(remains.id());
      remains.whenGone().run();
    }
  }

  /**
   * Takes a container off the host. It may be frozen, by a service that is no more: then the signal
   * that ends its processes would not reach them.
   */
  public void removeContainer(String container) throws EngineException {
    Optional<FreezerFile> freezer = FreezerFile.of(container);
    if (freezer.isPresent()) {
      try {
        freezer.get().thaw();
      } catch (IOException gone) {
        LOG.debug("event=thaw_failed container={} error=\"{}\"", container, gone.getMessage());
      }
    }
    engine.remove(container);
  }

  /**
   * Waits until nothing is left in the book, or the time is over. The book and not what is pending:
   * a sandbox that another thread is just ending is on its way here, but not here yet.
   */
  public boolean awaitNone(Duration limit) throws InterruptedException {
    long tries = Math.max(1, limit.toMillis() / 10);
    for (long i = 0; i < tries && !book.isEmpty(); i++) {
      Thread.sleep(10);
    }
    return book.isEmpty();
  }

  @Override
  public void close() {
    workers.shutdown();
    try {
      if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
