package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.ServiceProcess;
import io.funkhaus.web.fixture.Workspace;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that hold connections and say little: others are served, and they are cut off. */
class SlowClientsIT {
  private static final int IDLE = 2_000;
  private static final int SLOW = 200;
  private static final int UNREAD = 40;
  private static final int ANSWER = 6_000_000;
  private static final String ESTABLISHED = "01";
  private static final Duration IN_TIME = Duration.ofSeconds(2);

  /** The service's limit is 5 s of silence, or 10 s for a request that drips. */
  private static final Duration CUT_OFF = Duration.ofSeconds(30);

  private static Map<String, String> variables = Map.of();
  private static ServiceProcess service;
  private static Workspace workspace;

  private final List<Socket> sockets = new ArrayList<>();

  @BeforeAll
  static void start() {
    variables = ServiceProcess.variables();
    service = ServiceProcess.started(variables);
    workspace = Workspace.signUp(service.url());
    assertThat(MainJobIT.invoke(workspace.api(), "hello", "{\"name\":\"Alice\"}"))
        .isEqualTo("\"Hello, Alice!\"");
  }

  @AfterAll
  static void stop() {
    service.close();
    RunningService.deleteTree(Path.of(variables.get("FUNKHAUS_DATA")));
  }

  @AfterEach
  void hangUp() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void connect(int clients, String opening) throws IOException {
    for (int i = 0; i < clients; i++) {
      Socket socket = new Socket();
      sockets.add(socket);
      socket.setReceiveBufferSize(4096); // what is not read is not in the kernel's hands either
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), service.url().getPort()),
          10_000);
      socket.getOutputStream().write(opening.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void othersAreServed(String beside) {
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long begin = System.nanoTime();
      HttpCaller stranger = HttpCaller.anonymous(service.url());
      assertThat(stranger.get("/sign-in").statusCode()).isEqualTo(200);
      assertThat(MainJobIT.invoke(workspace.api(), "hello", "{\"name\":\"Alice\"}"))
          .isEqualTo("\"Hello, Alice!\"");
      times.add(Duration.ofNanos(System.nanoTime() - begin));
    }
    Collections.sort(times);
    System.out.printf(
        "SlowClientsIT beside %s: page and call took %d ms at most%n",
        beside, times.getLast().toMillis());
    assertThat(times.get(times.size() * 9 / 10)).isLessThan(IN_TIME);
  }

  /** Every client sees the end of its connection, after at most an error answer. */
  private void allAreCutOff() throws IOException {
    long deadline = System.nanoTime() + CUT_OFF.toNanos();
    for (Socket socket : sockets) {
      try {
        int left = Math.toIntExact(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        socket.setSoTimeout(left);
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(answer).doesNotContain("HTTP/1.1 2");
      } catch (SocketException reset) {
        assertThat(reset).hasMessageContaining("reset");
      }
    }
  }

  @Test
  void two_thousand_silent_connections_leave_room_and_are_closed() throws IOException {
    connect(IDLE, "");

    othersAreServed(IDLE + " silent connections");
    allAreCutOff();
    othersAreServed("none of them");
  }

  @Test
  void requests_whose_head_never_ends_leave_room_and_are_closed() throws IOException {
    connect(SLOW, "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-More: ");

    othersAreServed(SLOW + " unfinished heads");
    allAreCutOff();
  }

  @Test
  void requests_whose_body_never_ends_leave_room_and_are_closed() throws IOException {
    connect(
        SLOW,
        """
        POST /api/v1/functions/hello/invocations HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer %s\r
        Content-Type: application/json\r
        Content-Length: 1000\r
        \r
        {"name":\
        """
            .formatted(workspace.key()));

    othersAreServed(SLOW + " unfinished bodies");
    allAreCutOff();
  }

  @Test
  void clients_that_send_a_byte_now_and_then_leave_room_and_are_cut_off() throws IOException {
    connect(SLOW, "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-More: ");
    Thread dripping =
        Thread.ofVirtual()
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                sockets.forEach(SlowClientsIT::drip);
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
              }
            });

    try {
      othersAreServed(SLOW + " dripping heads");
      allAreCutOff();
    } finally {
      dripping.interrupt();
    }
  }

  @Test
  void clients_that_do_not_read_their_answers_leave_room_and_are_cut_off() throws IOException {
    workspace
        .api()
        .post(
            "/api/v1/functions",
            """
            {"name":"large","runtime":"nodejs22.x","files":{"index.js":
             "exports.handler = async () => 'x'.repeat(%d);"}}
            """
                .formatted(ANSWER));
    assertThat(MainJobIT.invoke(workspace.api(), "large", "{}")).hasSize(ANSWER + 2);
    long threads = threads();
    long resident = residentBytes();

    connect(
        UNREAD,
        """
        POST /api/v1/functions/large/invocations HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer %s\r
        Content-Length: 2\r
        \r
        {}\
        """
            .formatted(workspace.key()));
    for (Socket socket : sockets) {
      socket.setSoTimeout(Math.toIntExact(CUT_OFF.toMillis()));
      assertThat(socket.getInputStream().read()).as("the answer has begun").isEqualTo('H');
    }

    othersAreServed(UNREAD + " answers that nobody reads");
    assertThat(threads()).isLessThan(threads + UNREAD);
    assertThat(residentBytes()).isLessThan(resident + 3L * UNREAD * ANSWER / 2);
    await().atMost(CUT_OFF).until(() -> connectionsFrom(sockets) == 0);
    for (Socket socket : sockets) {
      assertThat(bytesLeft(socket)).as("of an answer of %d bytes", ANSWER).isLessThan(ANSWER);
    }
  }

  private static void drip(Socket socket) {
    try {
      socket.getOutputStream().write('x');
    } catch (IOException e) {
      // Cut off, as it should be; the others drip on.
    }
  }

  private static long threads() {
    return Math.round(service.metric("jvm_threads_live_threads"));
  }

  private static long residentBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + service.process().pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .sum();
  }

  /** Those that the service has not given up, as the kernel knows: asking them would be reading. */
  private static long connectionsFrom(List<Socket> clients) throws IOException {
    Set<String> ports =
        clients.stream()
            .map(client -> ":%04X".formatted(client.getLocalPort()))
            .collect(Collectors.toSet());
    String here = ":%04X".formatted(service.url().getPort());
    long open = 0;
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] columns = line.strip().split(" +", -1);
        boolean served = columns[1].endsWith(here) && columns[3].equals(ESTABLISHED);
        if (served && ports.contains(columns[2].substring(columns[2].indexOf(':')))) {
          open++;
        }
      }
    }
    return open;
  }

  private static long bytesLeft(Socket socket) throws IOException {
    try {
      return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketException reset) {
      return 0;
    }
  }
}
