package io.funkhaus.scheduler.polling;

import io.funkhaus.scheduler.time.Ticker;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Busy polling, the term of socket(7): a thread that waits for the next bytes of a connection looks
 * for them again and again, for a moment, instead of sleeping until it is woken. For a tiny
 * function being woken is most of a call. It is done only where nobody pays for it: while the
 * processors have time to spare and no more calls are in progress than half of the processors can
 * attend to.
 *
 * <p>What must not be broken: whoever polls stops as soon as more calls come than half of the
 * processors can attend to, and after a fraction of a millisecond in any case.
 */
public final class BusyPolling {
  /** Tiny functions have answered by then. */
  private static final long ANSWER_NANOS = 100_000;

  /** From the end of a call: clients that send one after another have sent the next by then. */
  private static final long REQUEST_NANOS = 150_000;

  /** A connection that can be read without waiting. */
  @FunctionalInterface
  public interface Source {
    /** The bytes read, 0 when there are none yet, -1 at the end. */
    int read() throws IOException;
  }

  private final int most;
  private final Ticker ticker;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger lingering = new AtomicInteger();
  private volatile boolean allowed = true;
  private volatile long lastEnd;

  /**
   * @param processors of the host; on a single one nobody polls
   */
  public BusyPolling(int processors, Ticker ticker) {
    this.most = processors / 2;
    this.ticker = ticker;
    this.lastEnd = ticker.nanos() - REQUEST_NANOS;
  }

  /**
   * Whether it may be done at all, by what is known of the processors. What polling takes of them
   * is in that already.
   */
  public void allow(boolean may) {
    allowed = may;
  }

  /** A call has come. Each is to be followed by {@link #ended}. */
  public void begun() {
    calls.incrementAndGet();
  }

  /** A call is over; its answer may still have to be sent. */
  public void ended() {
    lastEnd = ticker.nanos();
    calls.decrementAndGet();
  }

  /** Whether a caller who is in progress may poll. */
  public boolean forAnswers() {
    return allowed && calls.get() <= most;
  }

  /**
   * Reads, on behalf of a call in progress, until there is something.
   *
   * @return what {@link Source#read} said last; 0: there is nothing yet and waiting is due
   */
  public int answer(Source source) throws IOException {
    long end = ticker.nanos() + ANSWER_NANOS;
    int read = 0;
    while (read == 0 && forAnswers() && ticker.nanos() - end < 0) {
      Thread.onSpinWait();
      read = source.read();
    }
    return read;
  }

  /**
   * Reads, on behalf of a client whose last call has just ended, until there is something.
   *
   * @return what {@link Source#read} said last; 0: there is nothing yet and waiting is due
   */
  public int request(Source source) throws IOException {
    long end = lastEnd + REQUEST_NANOS;
    if (!allowed || calls.get() >= most || ticker.nanos() - end >= 0) {
      return 0;
    }
    lingering.incrementAndGet();
    try {
      return linger(source, end);
    } finally {
      lingering.decrementAndGet();
    }
  }

  private int linger(Source source, long end) throws IOException {
    int read = 0;
    while (read == 0
        && allowed
        && calls.get() + lingering.get() <= most
        && ticker.nanos() - end < 0) {
      Thread.onSpinWait();
      read = source.read();
    }
    return read;
  }
}
