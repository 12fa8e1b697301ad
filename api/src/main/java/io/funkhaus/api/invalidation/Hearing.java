package io.funkhaus.api.invalidation;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Until when every committed change has been heard. Written by the thread that listens, read by
 * every request.
 *
 * <pre>
 *   deaf ──up──▶ hearing ──heardUntil──▶ hearing
 *    ▲              │
 *    └────down──────┘      too long without heardUntil: as deaf, until it comes
 * </pre>
 */
final class Hearing {

  /** Caches are trusted for this long after the last proof, and no longer. */
  static final Duration TRUST = Duration.ofSeconds(4);

  private final Ticker ticker;
  private volatile boolean up;
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
    up = true;
  }

  void down() {
    up = false;
  }

  /** Whether every change committed more than {@link #TRUST} ago has been heard. */
  boolean isTrusted() {
    return up && ticker.read() - heardUntil < TRUST.toNanos();
  }
}
