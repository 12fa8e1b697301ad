package io.funkhaus.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.polling.BusyPolling;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Tomcat on threads of its own pool, which it gives requests to in turn. */
@Timeout(60)
class PollingProtocolIT {
  private static final int REQUESTS = 20;

  @TempDir Path directory;
  private final Tomcat tomcat = new Tomcat();

  @AfterEach
  void stop() throws Exception {
    tomcat.stop();
    tomcat.destroy();
  }

  @Test
  void a_client_that_calls_again_is_answered_by_the_thread_that_is_still_looking()
      throws Exception {
    int port = start(new BusyPolling(2, () -> 0));
    assertThat(threadsThatAnswered(port)).hasSize(1);
  }

  @Test
  void without_time_for_polling_the_connection_goes_back_to_tomcat() throws Exception {
    BusyPolling polling = new BusyPolling(2, () -> 0);
    polling.allow(false);
    int port = start(polling);
    assertThat(threadsThatAnswered(port)).hasSizeGreaterThan(1);
  }

  @Test
  void a_client_that_trickles_its_request_is_not_looked_for() throws Exception {
    AtomicLong looks = new AtomicLong();
    int port =
        start(
            new BusyPolling(
                2,
                () -> {
                  looks.incrementAndGet();
                  return 0;
                }));
    threadsThatAnswered(port);
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
      slow.getOutputStream().write("GET / HT".getBytes(StandardCharsets.UTF_8));
      Thread.sleep(200);
      long before = looks.get();
      Thread.sleep(200);
      assertThat(looks).hasValue(before);
    }
  }

  /** The clock stands still: the moment after a call never ends. */
  private int start(BusyPolling polling) throws Exception {
    PollingProtocol protocol = new PollingProtocol();
    protocol.poll(polling);
    Connector connector = new Connector(protocol);
    connector.setPort(0);
    tomcat.setBaseDir(directory.toString());
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", directory.toString());
    Tomcat.addServlet(context, "calls", new Calls(polling));
    context.addServletMappingDecoded("/", "calls");
    tomcat.start();
    return connector.getLocalPort();
  }

  /** Answers with the name of its thread. */
  private static final class Calls extends HttpServlet {
    private static final long serialVersionUID = 1;
    private final transient BusyPolling polling;

    Calls(BusyPolling polling) {
      this.polling = polling;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      polling.begun();
      try {
        byte[] name = Thread.currentThread().getName().getBytes(StandardCharsets.UTF_8);
        response.setContentLength(name.length + 1);
        response.getOutputStream().write(name);
        response.getOutputStream().write('\n');
      } finally {
        polling.ended();
      }
    }
  }

  private static Set<String> threadsThatAnswered(int port) throws Exception {
    Set<String> threads = new HashSet<>();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < REQUESTS; i++) {
        socket
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: t\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        threads.add(answer(in));
        Thread.sleep(20);
      }
    }
    return threads;
  }

  /** The body, one line, behind the headers and an empty line. */
  private static String answer(BufferedReader in) throws IOException {
    String line = in.readLine();
    while (!line.isEmpty()) {
      line = in.readLine();
    }
    return in.readLine();
  }
}
