package io.funkhaus.scheduler.sandbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.funkhaus.scheduler.CapturedLog;
import io.funkhaus.scheduler.LogListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one sandbox writes to its log connection: always drained, the first part kept, the rest
 * counted. Read by the watcher's thread while the function runs and by the invoking thread once the
 * result is there; both under the lock, so that nothing is lost or out of order.
 *
 * <p>What a function writes between two invocations (a timer, a forgotten child process) belongs to
 * the log of the next one of the same sandbox, as in Lambda: it is the function's own, and a frozen
 * sandbox could not write it earlier anyway. Of it less is kept, so that it cannot push the next
 * invocation's own lines out.
 *
 * <p>The listener is told under the lock: that is what keeps the pieces in order. It must not
 * block.
 */
final class LogCapture {
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
  private byte[] kept = NOTHING;

  @GuardedBy("lock")
  private int length;

  @GuardedBy("lock")
  private long dropped;

  @GuardedBy("lock")
  private int cap = CAP_BYTES;

  @GuardedBy("lock")
  private LogListener listener = LogListener.NONE;

  @GuardedBy("lock")
  private boolean ended;

  /**
   * @param socket in non-blocking mode
   */
  LogCapture(SocketChannel socket) {
    this.socket = socket;
  }

  /** An invocation begins: it inherits what was written since the last one ended. */
  void begin(LogListener newListener) {
    lock.lock();
    try {
      cap = CAP_BYTES;
      listener = newListener;
      if (length > 0) {
        listener.onLog(kept, 0, length);
      }
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

  /** The invocation is over: reads what it has left and hands everything over. */
  CapturedLog end() {
    lock.lock();
    try {
      read(CHUNKS_AT_END);
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
    int take = Math.min(bytes.remaining(), cap - length);
    if (take > 0) {
      if (length + take > kept.length) {
        kept = Arrays.copyOf(kept, Math.min(CAP_BYTES, Math.max(length + take, 2 * kept.length)));
      }
      bytes.get(kept, length, take);
      listener.onLog(kept, length, take);
      length += take;
    }
    dropped += bytes.remaining();
  }
}
