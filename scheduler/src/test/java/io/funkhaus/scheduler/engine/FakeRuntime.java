package io.funkhaus.scheduler.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Init and language runtime of docs/sandbox-protocol.md in one thread of this process. Written from
 * that page, not from the scheduler's code.
 */
final class FakeRuntime {
  private static final int INIT = 0x01;
  private static final int INVOKE = 0x02;
  private static final int WARN = 0x03;
  private static final int HELLO = 0x81;
  private static final int READY = 0x82;
  private static final int INIT_ERROR = 0x83;
  private static final int RESULT = 0x84;
  private static final int ERROR = 0x85;
  private static final int EXIT = 0x91;

  private final Path socket;
  private final FakeFunction function;
  private final Runnable booted;
  private final Thread thread;
  private volatile @Nullable SocketChannel control;
  private volatile @Nullable SocketChannel channel;
  private volatile @Nullable SocketChannel log;
  private volatile boolean killed;
  private final Semaphore awake = new Semaphore(1);
  private volatile boolean paused;
  private long previous;

  private FakeRuntime(Path socket, FakeFunction function, Runnable booted) {
    this.socket = socket;
    this.function = function;
    this.booted = booted;
    this.thread = Thread.ofVirtual().name("fake-runtime").unstarted(this::live);
  }

  static FakeRuntime start(Path socket, FakeFunction function, Runnable booted) {
    FakeRuntime runtime = new FakeRuntime(socket, function, booted);
    runtime.thread.start();
    return runtime;
  }

  boolean alive() {
    return thread.isAlive();
  }

  /** As the freezer: nothing is read any more, neither by init nor by the runtime. */
  void pause(boolean nowPaused) {
    if (nowPaused == paused) {
      return;
    }
    paused = nowPaused;
    if (nowPaused) {
      awake.acquireUninterruptibly();
    } else {
      awake.release();
    }
  }

  boolean paused() {
    return paused;
  }

  private void untilAwake() {
    awake.acquireUninterruptibly();
    awake.release();
  }

  /** As SIGKILL to everything: no EXIT frame. */
  void kill() {
    pause(false);
    killed = true;
    thread.interrupt();
    close(channel);
    close(log);
    close(control);
  }

  private void live() {
    int status = 0;
    try {
      control = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      log = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      SocketChannel held = control;
      Thread.startVirtualThread(() -> watchControl(held));
      status = serve(channel);
    } catch (EOFException platformGone) {
      status = 0;
    } catch (IOException | InterruptedException e) {
      status = 1;
    }
    end(status);
  }

  private void end(int status) {
    close(channel);
    close(log);
    SocketChannel held = control;
    if (!killed && held != null) {
      try {
        send(new DataOutputStream(Channels.newOutputStream(held)), EXIT, 0, intBytes(status));
      } catch (IOException platformGone) {
        killed = true;
      }
    }
    close(control);
  }

  /** The end of control is the end of everything. */
  private void watchControl(SocketChannel held) {
    try {
      InputStream in = Channels.newInputStream(held);
      byte[] frame = in.readNBytes(16);
      while (frame.length == 16) {
        untilAwake();
        if (frame[4] == WARN) {
          function.warned();
        }
        frame = in.readNBytes(16);
      }
      untilAwake();
      kill();
    } catch (IOException e) {
      untilAwake();
      kill();
    }
  }

  private int serve(SocketChannel socketChannel) throws IOException, InterruptedException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(socketChannel));
    DataOutputStream out = new DataOutputStream(Channels.newOutputStream(socketChannel));
    String hello = "{\"protocol\":1,\"runtime\":\"fake\",\"languageVersion\":\"1\"}";
    send(out, HELLO, 0, hello.getBytes(StandardCharsets.UTF_8));
    booted.run();
    while (true) {
      byte[] body = new byte[in.readInt()];
      int type = in.readUnsignedByte();
      in.skipNBytes(3);
      long number = in.readLong();
      in.readFully(body);
      untilAwake();
      FakeFunction.Reply reply =
          switch (type) {
            case INIT -> function.init(new String(body, StandardCharsets.UTF_8));
            case INVOKE -> function.invoke(event(body), this::write);
            default -> throw new IOException("unexpected frame " + type);
          };
      if (reply instanceof FakeFunction.Reply.Exit(int status)) {
        return status;
      }
      answer(out, reply, number);
      previous = number;
    }
  }

  private void answer(DataOutputStream out, FakeFunction.Reply reply, long number)
      throws IOException {
    switch (reply) {
      case FakeFunction.Reply.Ready ready -> send(out, READY, number, new byte[0]);
      case FakeFunction.Reply.InitError(var json) ->
          send(out, INIT_ERROR, number, json.getBytes(StandardCharsets.UTF_8));
      case FakeFunction.Reply.Result(var json) -> send(out, RESULT, number, json);
      case FakeFunction.Reply.Failure(var json) ->
          send(out, ERROR, number, json.getBytes(StandardCharsets.UTF_8));
      case FakeFunction.Reply.Raw(var bytes) -> out.write(bytes);
      case FakeFunction.Reply.Frame(var type, var body) -> send(out, type, number, body);
      case FakeFunction.Reply.Replayed(var json) -> send(out, RESULT, previous, json);
      case FakeFunction.Reply.Exit exit -> throw new IllegalStateException("handled before");
    }
  }

  /** Request id, deadline, length of the client context, client context, event. */
  private static byte[] event(byte[] body) {
    int context = ByteBuffer.wrap(body).getInt(24);
    return Arrays.copyOfRange(body, 28 + context, body.length);
  }

  private void write(byte[] bytes) {
    SocketChannel held = log;
    if (held == null) {
      throw new IllegalStateException("nothing runs before the log is connected");
    }
    try {
      Channels.newOutputStream(held).write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(DataOutputStream out, int type, long number, byte[] body)
      throws IOException {
    byte[] frame =
        ByteBuffer.allocate(16 + body.length)
            .putInt(body.length)
            .put((byte) type)
            .put((byte) 0)
            .putShort((short) 0)
            .putLong(number)
            .put(body)
            .array();
    out.write(frame);
  }

  private static byte[] intBytes(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static void close(@Nullable SocketChannel socket) {
    if (socket == null) {
      return;
    }
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      return;
    }
  }
}
