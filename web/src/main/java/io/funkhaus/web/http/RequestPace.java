package io.funkhaus.web.http;

import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * How fast a client sends one request. A limit of silence alone lets a client that sends a byte now
 * and then hold its connection for hours. {@link PollingChannel} tells it what it has read; one
 * thread at a time uses it.
 *
 * <p>What must not be broken: only the client's own time counts. The rest of a body may be read
 * after the answer, and the next request long after that; or the service has let the bytes wait.
 */
final class RequestPace {
  /** For the first byte to the last, however few; every kilobyte gives more. */
  static final Duration GRACE = Duration.ofSeconds(10);

  static final int BYTES_PER_SECOND = 512;

  /** Within a request the web server itself ends a silence after 5 s; a longer one is none. */
  static final Duration SILENCE = Duration.ofSeconds(7);

  private static final long NANOS_PER_BYTE = Duration.ofSeconds(1).toNanos() / BYTES_PER_SECOND;

  private boolean begun;
  private long beginning;
  private long last;
  private long bytes;

  /** The next byte begins a request. */
  void restart() {
    begun = false;
  }

  /**
   * Bytes have come.
   *
   * @param now in nanoseconds
   * @throws SocketTimeoutException when the request takes too long for what has come of it
   */
  void received(int more, long now) throws SocketTimeoutException {
    if (!begun || now - last > SILENCE.toNanos()) {
      begun = true;
      beginning = now;
      bytes = 0;
    }
    last = now;
    bytes += more;
    long taken = now - beginning;
    if (taken > GRACE.toNanos() + bytes * NANOS_PER_BYTE) {
      throw new SocketTimeoutException(
          "a request of %d bytes so far takes %d s; at least %d bytes in a second after the first %d s"
              .formatted(
                  bytes, Duration.ofNanos(taken).toSeconds(), BYTES_PER_SECOND, GRACE.toSeconds()));
    }
  }
}
