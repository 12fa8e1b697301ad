package io.funkhaus.api.invalidation;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Until when every committed change has been heard. Written by the thread that listens, read by
 * every request.
 *
 * <p>A line that goes down needs no report: the proofs stop, and trust ends with the last one's
 * age. A line that is back within that time was never missed.
 */
final class Hearing {

  /** Caches are trusted for this long after the last proof, and no longer. */
  static final Duration TRUST = Duration.ofSeconds(4);

  private final Ticker ticker;
  private volatile boolean began;
  private volatile long heardUntil;

  Hearing(Ticker ticker) {
    this.ticker = ticker;
  }

  /**
   * A reading of the clock, to be given to {@link #heardUntil} once everything up to it was heard.
   */
  long now() {
    return ticker.read();
  }

  void heardUntil(long moment) {
    heardUntil = moment;
    began = true;
  }

  /** Whether every change committed more than {@link #TRUST} ago has been heard. */
  boolean isTrusted() {
    return began && ticker.read() - heardUntil < TRUST.toNanos();
  }
}
