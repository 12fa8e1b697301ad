package io.funkhaus.scheduler.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control connection of one sandbox: PID 1 says on it how the language runtime ended, and ends
 * everything when it is closed. Read by the watcher's thread.
 */
final class Control {
  private static final Logger LOG = LoggerFactory.getLogger(Control.class);

  /** It ended without a word. */
  static final int UNKNOWN = -1;

  private static final long GRACE_MILLIS = 2_000;

  private final SocketChannel socket;
  private final FrameDecoder decoder = new FrameDecoder();
  private final ByteBuffer bytes = ByteBuffer.allocate(64);
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  /**
   * @param socket in non-blocking mode
   */
  Control(SocketChannel socket) {
    this.socket = socket;
  }

  /** Has the connection watched; {@code ended} is told the exit status, or {@link #UNKNOWN}. */
  void watch(SocketWatcher watcher, IntConsumer ended) throws IOException {
    watcher.add(socket, () -> read(ended));
  }

  private boolean read(IntConsumer ended) {
    try {
      int count = socket.read(bytes.clear());
      if (count == 0) {
        return true;
      }
      Frame frame = count < 0 ? null : decoder.decode(bytes.flip());
      if (count > 0 && frame == null) {
        return true;
      }
      ended.accept(status(frame));
    } catch (IOException | ProtocolViolation e) {
      ended.accept(UNKNOWN);
    }
    return false;
  }

  private static int status(@Nullable Frame frame) {
    if (frame == null || frame.type() != FrameType.EXIT || frame.body().length != Integer.BYTES) {
      return UNKNOWN;
    }
    return ByteBuffer.wrap(frame.body()).getInt();
  }

  /** From now on its end is known. */
  void ended(int status) {
    exit.complete(status);
  }

  boolean hasEnded() {
    return exit.isDone();
  }

  /** The status that init tells a moment after the runtime's connections are closed. */
  int awaitEnd() {
    try {
      return exit.get(GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    } catch (TimeoutException | ExecutionException e) {
      return UNKNOWN;
    }
  }

  /** The status if it is known, else 0. */
  int statusNow() {
    return exit.getNow(0);
  }

  /**
   * Has the language runtime sent SIGTERM. A frame that finds no room is not sent: then the sandbox
   * does not even read its control, and a warning would not help it.
   */
  void warn() {
    ByteBuffer frame = ByteBuffer.allocate(Frame.HEADER_BYTES);
    frame.put(4, FrameType.WARN.code);
    try {
      socket.write(frame);
    } catch (IOException ending) {
      LOG.debug("event=warning_not_sent error=\"{}\"", ending.getMessage());
    }
  }

  /** Without it, init kills every process of the sandbox at once. */
  void close() throws IOException {
    socket.close();
    exit.complete(UNKNOWN);
  }
}
