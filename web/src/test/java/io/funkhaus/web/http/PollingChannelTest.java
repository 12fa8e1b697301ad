package io.funkhaus.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.scheduler.polling.BusyPolling;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the time that a client has for its request begins anew; the web server keeps channels. */
class PollingChannelTest {
  private final SocketBufferHandler buffers = new SocketBufferHandler(64, 64, false);
  private long seconds;
  private final PollingChannel channel =
      new PollingChannel(
          buffers, new BusyPolling(0, () -> 0), () -> TimeUnit.SECONDS.toNanos(seconds));
  private SocketChannel client;

  PollingChannelTest() throws IOException {
    client = connect();
  }

  @BeforeEach
  void slowRequest() throws IOException {
    receive(0);
    receive(6);
  }

  @AfterEach
  void hangUp() throws IOException {
    client.close();
    channel.getIOChannel().close();
  }

  /** A client of the channel, which is used for its connection from now on. */
  private SocketChannel connect() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      SocketChannel connected = SocketChannel.open(server.getLocalAddress());
      channel.reset(server.accept(), new NioEndpoint.NioSocketWrapper(channel, new NioEndpoint()));
      return connected;
    }
  }

  /** One byte comes, so many seconds after the first. */
  private void receive(int atSecond) throws IOException {
    seconds = atSecond;
    client.write(ByteBuffer.wrap(new byte[1]));
    assertThat(channel.read(ByteBuffer.allocate(8))).isEqualTo(1);
  }

  @Test
  void a_request_that_goes_on_is_too_slow() {
    assertThatThrownBy(() -> receive(12)).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void after_an_answer_another_request_has_the_time_for_itself() throws IOException {
    channel.write(ByteBuffer.wrap("answer".getBytes(StandardCharsets.US_ASCII)));

    receive(12);
  }

  @Test
  void another_connection_has_the_time_for_itself() throws IOException {
    hangUp();
    client = connect();

    receive(12);
  }
}
