package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.polling.BusyPolling;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Frames on the channel connection of one sandbox, in blocking mode. Used by the one thread that
 * holds the sandbox; any other thread may close it, which wakes that one.
 *
 * <p>Header and small bodies leave in one write and arrive in one read; large ones pass through the
 * same fixed buffers, so that a payload never makes the runtime keep a direct buffer of its size
 * for every thread.
 */
final class SandboxChannel implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final SocketChannel socket;
  private final FrameDecoder decoder = new FrameDecoder();
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

  SandboxChannel(SocketChannel socket) {
    this.socket = socket;
  }

  /** Sends one frame whose body is the given parts, one after the other. */
  void send(FrameType type, long invocation, byte[]... parts) throws IOException {
    int length = 0;
    for (byte[] part : parts) {
      length = Math.addExact(length, part.length);
    }
    out.clear();
    out.putInt(length).put(type.code).put((byte) 0).putShort((short) 0).putLong(invocation);
    for (byte[] part : parts) {
      put(part);
    }
    flush();
  }

  private void put(byte[] part) throws IOException {
    int offset = 0;
    while (offset < part.length) {
      if (!out.hasRemaining()) {
        flush();
        out.clear();
      }
      int take = Math.min(out.remaining(), part.length - offset);
      out.put(part, offset, take);
      offset += take;
    }
  }

  private void flush() throws IOException {
    out.flip();
    while (out.hasRemaining()) {
      socket.write(out);
    }
  }

  /**
   * Waits for the next frame.
   *
   * @throws EOFException when the other side is gone
   */
  Frame receive() throws IOException, ProtocolViolation {
    @Nullable Frame frame = decoder.decode(in);
    while (frame == null) {
      in.clear();
      filled(socket.read(in));
      frame = decoder.decode(in);
    }
    return frame;
  }

  /**
   * The same, but looks for its first bytes by polling where that is worthwhile. Only for those: a
   * function that sends one byte after the other does not keep a thread of ours busy.
   */
  Frame receive(BusyPolling polling) throws IOException, ProtocolViolation {
    if (!in.hasRemaining() && polling.forAnswers()) {
      in.clear();
      filled(poll(polling));
    }
    return receive();
  }

  private void filled(int read) throws EOFException {
    in.flip();
    if (read < 0) {
      throw new EOFException("the sandbox closed its channel");
    }
  }

  /** The mode is only a note of the socket's object where virtual threads read: no system call. */
  private int poll(BusyPolling polling) throws IOException {
    socket.configureBlocking(false);
    try {
      return polling.answer(() -> socket.read(in));
    } finally {
      socket.configureBlocking(true);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
