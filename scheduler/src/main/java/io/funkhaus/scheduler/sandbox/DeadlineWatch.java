package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.time.Ticker;

/**
 * The one timer of all sandboxes: looks every few milliseconds for a deadline that has passed. No
 * entry is made or cancelled per invocation, and it depends on no thread that a function could keep
 * busy.
 */
public final class DeadlineWatch implements AutoCloseable {
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
  void sweep() {
    long now = ticker.nanos();
    for (Sandbox sandbox : sandboxes.connected()) {
      sandbox.expire(now);
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
