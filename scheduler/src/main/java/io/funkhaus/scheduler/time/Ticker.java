package io.funkhaus.scheduler.time;

/**
 * Where durations come from: a clock that only moves forward and says nothing about the time of
 * day. The one place of this module that reads the machine's; tests move theirs by hand.
 */
@FunctionalInterface
public interface Ticker {

  /** Nanoseconds since some fixed moment. */
  long nanos();

  /** The machine's own. */
  static Ticker system() {
    return System::nanoTime;
  }
}
