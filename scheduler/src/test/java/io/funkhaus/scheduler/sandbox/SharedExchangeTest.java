package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedExchangeTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Map<String, Object> answers = new ConcurrentHashMap<>();
  private final AtomicBoolean alone = new AtomicBoolean();
  private Path directory;
  private SocketChannel ours;
  private SocketChannel sandbox;
  private SharedExchange exchange;

  @BeforeEach
  void connect() throws IOException {
    directory = Files.createTempDirectory("fn-t-");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      ours = SocketChannel.open(address);
      sandbox = server.accept();
    }
    exchange = new SharedExchange(new SandboxChannel(ours), "a", alone::get);
  }

  @AfterEach
  void close() throws IOException {
    ours.close();
    sandbox.close();
    Files.delete(directory.resolve("s"));
    Files.delete(directory);
  }

  @Test
  void answers_in_another_order_reach_their_callers() throws IOException {
    call("one");
    Received one = receive();
    call("two");
    Received two = receive();

    answer(two.number, "2");
    Awaitility.await().atMost(SOON).until(() -> answers.size() == 1);
    assertThat(answers).containsEntry("two", "2");
    answer(one.number, "1");

    Awaitility.await().atMost(SOON).until(() -> "1".equals(answers.get("one")));
  }

  @Test
  void an_answer_that_nobody_waits_for_ends_all_calls_and_those_to_come() throws IOException {
    call("one");
    Received one = receive();

    answer(one.number + 1, "forged");
    Awaitility.await().atMost(SOON).until(() -> answers.get("one") instanceof ProtocolViolation);
    call("two");

    Awaitility.await().atMost(SOON).until(() -> answers.get("two") instanceof ProtocolViolation);
  }

  @Test
  void an_answer_counts_once() throws IOException {
    call("one");
    Received one = receive();
    call("two");
    receive();

    answer(one.number, "1");
    answer(one.number, "again");

    Awaitility.await().atMost(SOON).until(() -> answers.get("two") instanceof ProtocolViolation);
    assertThat(answers).containsEntry("one", "1");
  }

  @Test
  void the_end_of_the_channel_is_told_to_all() throws IOException {
    call("one");
    call("two");
    receive();

    sandbox.close();

    Awaitility.await().atMost(SOON).until(() -> answers.size() == 2);
    assertThat(answers.values()).allMatch(IOException.class::isInstance);
  }

  @Test
  void a_caller_that_goes_away_does_not_disturb_the_others() throws IOException {
    Thread leaving = call("one");
    Received one = receive();
    call("two");
    Received two = receive();

    leaving.interrupt();
    answer(two.number, "2");
    Awaitility.await().atMost(SOON).until(() -> "2".equals(answers.get("two")));
    answer(one.number, "1");

    Awaitility.await().atMost(SOON).until(() -> "1".equals(answers.get("one")));
  }

  @Test
  void a_caller_that_goes_away_alone_ends_its_call() throws IOException {
    alone.set(true);
    Thread leaving = call("one");
    receive();

    leaving.interrupt();

    Awaitility.await()
        .atMost(SOON)
        .until(() -> answers.get("one") instanceof java.nio.channels.ClosedByInterruptException);
  }

  private Thread call(String text) {
    return Thread.startVirtualThread(() -> {
      try {
        Frame frame = exchange.call(text.getBytes(StandardCharsets.UTF_8));
        answers.put(text, new String(frame.body(), StandardCharsets.UTF_8));
      } catch (IOException | ProtocolViolation e) {
        answers.put(text, e);
      }
    });
  }

  private record Received(long number) {}

  private Received receive() throws IOException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(sandbox));
    int length = in.readInt();
    in.skipNBytes(4);
    long number = in.readLong();
    in.skipNBytes(length);
    return new Received(number);
  }

  private void answer(long number, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    sandbox.write(
        ByteBuffer.allocate(16 + body.length)
            .putInt(body.length)
            .put((byte) 0x84)
            .put(new byte[3])
            .putLong(number)
            .put(body)
            .flip());
  }
}
