package io.funkhaus.web.http;

import java.io.IOException;
import java.time.Duration;

/**
 * How fast a client sends one request. A limit of silence alone lets a client that sends a byte now
 * and then hold its connection for hours. {@link PollingChannel} tells it what it has read; one
 * thread at a time uses it.
 */
final class RequestPace {
  /** For the first byte to the last, however few; every kilobyte gives more. */
  static final Duration GRACE = Duration.ofSeconds(10);

  static final int BYTES_PER_SECOND = 512;
  private static final long NANOS_PER_BYTE = Duration.ofSeconds(1).toNanos() / BYTES_PER_SECOND;

  private boolean begun;
  private long beginning;
  private long bytes;

  /** The next byte begins a request. */
  void restart() {
    begun = false;
  }

  /**
   * Bytes have come.
   *
   * @param now in nanoseconds
   * @throws IOException when the request takes too long for what has come of it
   */
  void received(int more, long now) throws IOException {
    if (!begun) {
      begun = true;
      beginning = now;
      bytes = 0;
    }
    bytes += more;
    long taken = now - beginning;
    if (taken > GRACE.toNanos() + bytes * NANOS_PER_BYTE) {
      throw new IOException(
          "a request of %d bytes so far takes %d s; at least %d bytes in a second after the first %d s"
              .formatted(
                  bytes, Duration.ofNanos(taken).toSeconds(), BYTES_PER_SECOND, GRACE.toSeconds()));
    }
  }
}
