package io.funkhaus.scheduler.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A ticker that stands still until a test moves it. */
public final class HandMovedTicker implements Ticker {
  private final AtomicLong nanos = new AtomicLong(1_000_000);

  @Override
  public long nanos() {
    return nanos.get();
  }

  public void move(Duration by) {
    nanos.addAndGet(by.toNanos());
  }
}
