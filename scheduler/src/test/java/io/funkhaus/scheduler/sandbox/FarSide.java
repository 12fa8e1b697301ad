package io.funkhaus.scheduler.sandbox;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sandbox's end of a real channel connection, played by a test. */
final class FarSide implements AutoCloseable {
  private final Path directory;
  private final SocketChannel ours;
  private final SocketChannel sandbox;

  FarSide() throws IOException {
    directory = Files.createTempDirectory("fn-t-");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      ours = SocketChannel.open(address);
      sandbox = server.accept();
    }
  }

  /** The service's end. */
  SocketChannel ours() {
    return ours;
  }

  /** The number of the next invocation that has come. */
  long receive() throws IOException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(sandbox));
    int length = in.readInt();
    in.skipNBytes(4);
    long number = in.readLong();
    in.skipNBytes(length);
    return number;
  }

  void answer(long number, String text) throws IOException {
    send(result(number, text));
  }

  /** A whole frame, or a piece of one. */
  void send(ByteBuffer bytes) throws IOException {
    sandbox.write(bytes);
  }

  static ByteBuffer result(long number, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(16 + body.length)
        .putInt(body.length)
        .put(FrameType.RESULT.code)
        .put(new byte[3])
        .putLong(number)
        .put(body)
        .flip();
  }

  /** The sandbox ends. */
  void hangUp() throws IOException {
    sandbox.close();
  }

  @Override
  public void close() throws IOException {
    ours.close();
    sandbox.close();
    Files.delete(directory.resolve("s"));
    Files.delete(directory);
  }
}
