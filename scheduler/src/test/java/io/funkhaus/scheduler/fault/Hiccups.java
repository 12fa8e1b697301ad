package io.funkhaus.scheduler.fault;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * When this process was held up, by its collector or by others on the machine: a thread that wants
 * to wake up all the time notes when it did not.
 */
final class Hiccups implements AutoCloseable {
  private static final long WAKE_NANOS = 1_000_000;
  private static final long HELD_UP_NANOS = 15_000_000;

  private final ConcurrentLinkedQueue<Pause> pauses = new ConcurrentLinkedQueue<>();
  private final Thread thread = Thread.ofPlatform().daemon().name("hiccups").unstarted(this::run);
  private volatile boolean stopping;

  private record Pause(long from, long until) {}

  private Hiccups() {}

  static Hiccups watch() {
    Hiccups hiccups = new Hiccups();
    hiccups.thread.start();
    return hiccups;
  }

  private void run() {
    long last = System.nanoTime();
    while (!stopping) {
      LockSupport.parkNanos(WAKE_NANOS);
      long now = System.nanoTime();
      if (now - last > HELD_UP_NANOS) {
        pauses.add(new Pause(last, now));
      }
      last = now;
    }
  }

  /** Whether one fell into that time. */
  boolean during(long from, Duration time) {
    long until = from + time.toNanos();
    return pauses.stream().anyMatch(pause -> pause.from() - until < 0 && pause.until() - from > 0);
  }

  @Override
  public void close() {
    stopping = true;
  }
}
