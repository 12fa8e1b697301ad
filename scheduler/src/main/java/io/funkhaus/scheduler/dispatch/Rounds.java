package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.engine.EngineException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the scheduler does again and again, each by its own period, on a few threads that all share.
 * Made and closed by {@link SandboxScheduler}.
 *
 * <p>What must not be broken: a round that fails comes again.
 */
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
  private static final int THREADS = 4;

  /** One look at what it is about. */
  @FunctionalInterface
  interface Round {
    void run() throws EngineException, IOException;
  }

  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("scheduler-timer-", 0).factory());
  private final List<Future<?>> periodic = new CopyOnWriteArrayList<>();
  private final Map<String, Long> failures = new ConcurrentHashMap<>();

  /**
   * Begins to run it.
   *
   * @param period until it is run first, and from its end until it is run again
   */
  void every(Duration period, String name, Round round) {
    periodic.add(
        timer.scheduleWithFixedDelay(
            () -> once(name, round), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Runs it here and now. */
  void once(String name, Round round) {
    try {
      round.run();
    } catch (EngineException | IOException e) {
      LOG.warn(
          "event=round_failed round={} failures={} error=\"{}\"",
          name,
          countFailure(name),
          e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("event=round_failed round={} failures={}", name, countFailure(name), e);
    }
  }

  private long countFailure(String name) {
    return failures.merge(name, 1L, Long::sum);
  }

  /** How often the round of this name has failed so far. */
  long failures(String name) {
    return failures.getOrDefault(name, 0L);
  }

  @Override
  public void close() {
    periodic.forEach(round -> round.cancel(true));
    timer.shutdownNow();
  }
}
