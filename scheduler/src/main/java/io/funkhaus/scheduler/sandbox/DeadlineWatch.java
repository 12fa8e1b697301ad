package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.time.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one timer of all sandboxes: looks every few milliseconds for a deadline that has passed. No
 * entry is made or cancelled per invocation, and it depends on no thread that a function could keep
 * busy.
 *
 * <p>What must not be broken: it goes on. Were its thread to end, no function would ever time out.
 */
public final class DeadlineWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeadlineWatch.class);
  private static final long PERIOD_MILLIS = 20;

  private final Sandboxes sandboxes;
  private final Ticker ticker;
  private final Thread thread;

  public DeadlineWatch(Sandboxes sandboxes, Ticker ticker) {
    this.sandboxes = sandboxes;
    this.ticker = ticker;
    this.thread = Thread.ofPlatform().daemon().name("sandbox-deadlines").unstarted(this::watch);
  }

  public void start() {
    thread.start();
  }

  /** One look at all. */
  private void sweep() {
    try {
      long now = ticker.nanos();
      for (Sandbox sandbox : sandboxes.connected()) {
        sandbox.expire(now);
      }
    } catch (RuntimeException e) {
      LOG.error("event=deadline_sweep_failed", e);
    }
  }

  private void watch() {
    try {
      while (true) {
        sweep();
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
