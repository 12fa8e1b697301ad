package io.funkhaus.web.operation;

import io.funkhaus.scheduler.dispatch.SandboxScheduler;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the scheduler before the web server accepts, and stops it when {@link LastAnswers} says
 * so. The whole order of stopping:
 *
 * <pre>
 *   readiness off → web server: no new requests, those in flight end (FUNKHAUS_DRAIN at most)
 *   → scheduler: refuses, destroys its sandboxes, what still runs ends as cancelled
 *   → web server: what was cancelled is answered, connections close
 *   → beans: recorder writes what it has, pool of connections closes, embedded PostgreSQL stops,
 *     data directory is given up
 * </pre>
 */
final class SchedulerLifecycle implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerLifecycle.class);

  /** Lower than the web server's: started earlier. */
  private static final int PHASE = WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1024;

  private static final Duration LAST_RESULTS = Duration.ofSeconds(1);

  private final SandboxScheduler scheduler;
  private volatile boolean running;

  SchedulerLifecycle(SandboxScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public void start() {
    scheduler.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    try {
      boolean empty = scheduler.drain(LAST_RESULTS);
      LOG.info("event=scheduler_drained complete={}", empty);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    scheduler.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
