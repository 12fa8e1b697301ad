package io.funkhaus.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Test
  void an_answer_with_a_length_is_read_to_its_end_and_the_connection_stays_open()
      throws IOException {
    Reply reply =
        answered("HTTP/1.1 200 OK\r\nX-Request-Id: 7\r\nContent-Length: 5\r\n\r\nhello", true);

    assertThat(reply).isEqualTo(new Reply(200, "7", null, "hello"));
  }

  @Test
  void chunks_are_put_together() throws IOException {
    Reply reply =
        answered(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
            true);

    assertThat(reply.body()).isEqualTo("hello");
  }

  @Test
  void a_refusal_says_when_to_come_back_and_may_close_the_connection() throws IOException {
    Reply reply =
        answered(
            "HTTP/1.1 429 \r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            false);

    assertThat(reply).isEqualTo(new Reply(429, null, "2", ""));
  }

  @Test
  void half_an_answer_is_none() {
    assertThatThrownBy(() -> answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", false))
        .isInstanceOf(IOException.class);
  }

  private static Reply answered(String answer, boolean staysOpen) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(server, answer));
      try (HttpConnection connection = new HttpConnection(server.getLocalPort(), TIMEOUT)) {
        Reply reply = connection.send(Request.get(server.getLocalPort(), "/"));
        assertThat(connection.isOpen()).isEqualTo(staysOpen);
        return reply;
      }
    }
  }

  private static void answer(ServerSocket server, String answer) {
    try (Socket socket = server.accept()) {
      byte[] request = new byte[1024];
      if (socket.getInputStream().read(request) > 0) {
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }
}
