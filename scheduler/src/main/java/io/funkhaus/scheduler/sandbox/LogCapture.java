package io.funkhaus.scheduler.sandbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.LogListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one sandbox writes to its log connection: always drained, the first part kept, the rest
 * counted. Read by the watcher's thread while the function runs and by the invoking thread once the
 * result is there; both under the lock, so that nothing is lost or out of order.
 *
 * <p>What a function writes between two invocations (a timer, a forgotten child process) belongs to
 * the log of the next one of the same sandbox, as in Lambda: it is the function's own, and a frozen
 * sandbox could not write it earlier anyway. Of it less is kept, so that it cannot push the next
 * invocation's own lines out. Where several invocations run at once, each has in its log all that
 * the sandbox wrote meanwhile: nobody outside can tell whose line is whose.
 *
 * <p>Listeners are told under the lock: that is what keeps the pieces in order. They must not
 * block, and one that throws is not told again.
 */
final class LogCapture {
  private static final Logger LOG = LoggerFactory.getLogger(LogCapture.class);

  static final int CAP_BYTES = 256 * 1024;
  static final int BACKGROUND_CAP_BYTES = 16 * 1024;

  private static final int CHUNK_BYTES = 8 * 1024;
  private static final int CHUNKS_AT_ONCE = 64;

  /** More than a socket's buffer holds: all that was written before the result is within it. */
  private static final int CHUNKS_AT_END = 512;

  private static final byte[] NOTHING = new byte[0];

  private final SocketChannel socket;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<Capture> open = new ArrayList<>(1);

  /** Gets what is written while none is open; becomes the next one that is opened. */
  @GuardedBy("lock")
  private Capture background = new Capture();

  @GuardedBy("lock")
  private boolean ended;

  /**
   * @param socket in non-blocking mode
   */
  LogCapture(SocketChannel socket) {
    this.socket = socket;
  }

  /** Begins a log: it inherits what was written since the last one ended. */
  Capture begin(LogListener listener) {
    lock.lock();
    try {
      Capture capture = open.isEmpty() ? background : new Capture();
      capture.begin(listener);
      open.add(capture);
      return capture;
    } finally {
      lock.unlock();
    }
  }

  /** Reads what is there now. False when nothing will ever come again. */
  boolean drain() {
    lock.lock();
    try {
      read(CHUNKS_AT_ONCE);
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  /** Its time is over: reads what it has left and hands everything over. */
  CapturedLog end(Capture capture) {
    lock.lock();
    try {
      read(CHUNKS_AT_END);
      CapturedLog log = capture.end();
      open.remove(capture);
      if (open.isEmpty()) {
        background = capture;
      }
      return log;
    } finally {
      lock.unlock();
    }
  }

  /** Closes it without taking anything: the next one inherits all of it. */
  void pass(Capture capture) {
    lock.lock();
    try {
      open.remove(capture);
      background = capture;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a line of the platform's own, as if the function had written it. */
  void note(byte[] line) {
    lock.lock();
    try {
      read(CHUNKS_AT_ONCE);
      keep(ByteBuffer.wrap(line));
    } finally {
      lock.unlock();
    }
  }

  /** Reads the rest and closes the connection; what was read can still be handed over. */
  void close() throws IOException {
    lock.lock();
    try {
      read(CHUNKS_AT_ONCE);
      ended = true;
      socket.close();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void read(int chunks) {
    for (int i = 0; i < chunks && !ended; i++) {
      chunk.clear();
      int count;
      try {
        count = socket.read(chunk);
      } catch (IOException broken) {
        count = -1;
      }
      if (count == 0) {
        return;
      }
      ended = count < 0;
      keep(chunk.flip());
    }
  }

  @GuardedBy("lock")
  private void keep(ByteBuffer bytes) {
    if (open.isEmpty()) {
      background.keep(bytes);
      return;
    }
    for (Capture capture : open) {
      capture.keep(bytes.duplicate());
    }
  }

  /** The log of one turn. Everything in it is guarded by the lock of the sandbox's log. */
  static final class Capture {
    private byte[] kept = NOTHING;
    private int length;
    private long dropped;
    private int cap = CAP_BYTES;
    private LogListener listener = LogListener.NONE;

    private Capture() {}

    private void begin(LogListener newListener) {
      cap = CAP_BYTES;
      listener = newListener;
      if (length > 0) {
        tell(0, length);
      }
    }

    private void keep(ByteBuffer bytes) {
      int take = Math.min(bytes.remaining(), cap - length);
      if (take > 0) {
        if (length + take > kept.length) {
          kept = Arrays.copyOf(kept, Math.min(CAP_BYTES, Math.max(length + take, 2 * kept.length)));
        }
        bytes.get(kept, length, take);
        length += take;
        tell(length - take, take);
      }
      dropped += bytes.remaining();
    }

    private void tell(int offset, int count) {
      try {
        listener.onLog(kept, offset, count);
      } catch (RuntimeException e) {
        LOG.warn("event=log_listener_failed", e);
        listener = LogListener.NONE;
      }
    }

    /** Hands over what there is; what comes now is for the next one. */
    private CapturedLog end() {
      CapturedLog log =
          length == 0 && dropped == 0
              ? CapturedLog.EMPTY
              : new CapturedLog(
                  length == kept.length ? kept : Arrays.copyOf(kept, length), dropped);
      kept = NOTHING;
      length = 0;
      dropped = 0;
      cap = BACKGROUND_CAP_BYTES;
      listener = LogListener.NONE;
      return log;
    }
  }
}
