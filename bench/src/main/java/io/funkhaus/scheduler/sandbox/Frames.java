package io.funkhaus.scheduler.sandbox;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a frame costs: decoding it from bytes that are there, and sending one through a unix socket
 * and reading it back in the same thread, two system calls included.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Frames {
  @Param({"16", "4096"})
  private int bodyBytes;

  private byte[] body = {};
  private ByteBuffer encoded = ByteBuffer.allocate(0);
  private final FrameDecoder decoder = new FrameDecoder();
  private @Nullable SandboxChannel near;
  private @Nullable SandboxChannel far;

  @Setup
  public void connect() throws IOException {
    body = new byte[bodyBytes];
    encoded = ByteBuffer.allocateDirect(Frame.HEADER_BYTES + bodyBytes);
    encoded
        .putInt(bodyBytes)
        .put(FrameType.RESULT.code)
        .put((byte) 0)
        .putShort((short) 0)
        .putLong(7);
    encoded.put(body).flip();
    Path socket = Files.createTempDirectory("frames").resolve("s");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      near = new SandboxChannel(SocketChannel.open(address));
      far = new SandboxChannel(server.accept());
    } finally {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(socket.resolveSibling(""));
    }
  }

  @TearDown
  public void disconnect() throws IOException {
    if (near != null && far != null) {
      near.close();
      far.close();
    }
  }

  @Benchmark
  public @Nullable Object decode() throws ProtocolViolation {
    return decoder.decode(encoded.rewind());
  }

  @Benchmark
  public @Nullable Object sendAndReceive() throws IOException, ProtocolViolation {
    if (near == null || far == null) {
      return null;
    }
    near.send(FrameType.RESULT, 7, body);
    return far.receive();
  }
}
