package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.scheduler.polling.BusyPolling;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SoloExchangeTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final long A_MICROSECOND = 1_000;

  private final AtomicLong now = new AtomicLong();

  /** What each look at the clock takes; with 0, polling goes on for ever. */
  private volatile long lookNanos;

  private Path directory;
  private SocketChannel ours;
  private SocketChannel sandbox;
  private volatile Thread caller = Thread.currentThread();

  @BeforeEach
  void connect() throws IOException {
    directory = Files.createTempDirectory("fn-t-");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      ours = SocketChannel.open(address);
      sandbox = server.accept();
    }
  }

  @AfterEach
  void close() throws IOException {
    ours.close();
    sandbox.close();
    Files.delete(directory.resolve("s"));
    Files.delete(directory);
  }

  @Test
  void an_answer_is_found_by_polling() throws Exception {
    CompletableFuture<String> answer = call();
    long number = receive();
    awaitPolling();

    answer(number, "Hello!");

    assertThat(answer.get()).isEqualTo("Hello!");
    assertThat(ours.isBlocking()).isTrue();
  }

  @Test
  void an_answer_that_polling_did_not_find_is_waited_for() throws Exception {
    lookNanos = A_MICROSECOND;
    CompletableFuture<String> answer = call();
    long number = receive();
    Awaitility.await().atMost(SOON).until(this::pollingIsOver);

    answer(number, "Hello!");

    assertThat(answer.get()).isEqualTo("Hello!");
  }

  @Test
  void a_sandbox_that_ends_is_noticed_by_who_polls() throws Exception {
    CompletableFuture<String> answer = call();
    receive();
    awaitPolling();

    sandbox.close();

    assertThatThrownBy(answer::get).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void a_channel_that_is_closed_is_noticed_by_who_polls() throws Exception {
    CompletableFuture<String> answer = call();
    receive();
    awaitPolling();

    ours.close();

    assertThatThrownBy(answer::get).hasCauseInstanceOf(ClosedChannelException.class);
  }

  @Test
  void who_polls_is_cancelled_by_an_interrupt_as_who_waits() throws Exception {
    CompletableFuture<String> answer = call();
    receive();
    awaitPolling();

    caller.interrupt();
    lookNanos = A_MICROSECOND;

    assertThatThrownBy(answer::get).hasCauseInstanceOf(ClosedByInterruptException.class);
  }

  @Test
  void the_rest_of_an_answer_is_not_polled_for() throws Exception {
    CompletableFuture<String> answer = call();
    long number = receive();
    awaitPolling();

    ByteBuffer frame = frame(number, "Hello!");
    sandbox.write(frame.slice(0, 1));
    Awaitility.await().atMost(SOON).until(ours::isBlocking);
    sandbox.write(frame.slice(1, frame.limit() - 1));

    assertThat(answer.get()).isEqualTo("Hello!");
  }

  /** Calls on a virtual thread, as production does. */
  private CompletableFuture<String> call() {
    BusyPolling polling = new BusyPolling(2, () -> now.addAndGet(lookNanos));
    polling.begun();
    SoloExchange exchange = new SoloExchange(new SandboxChannel(ours), polling);
    CompletableFuture<String> answer = new CompletableFuture<>();
    caller =
        Thread.startVirtualThread(() -> {
          try {
            Frame frame = exchange.call("{}".getBytes(StandardCharsets.UTF_8));
            answer.complete(new String(frame.body(), StandardCharsets.UTF_8));
          } catch (IOException | ProtocolViolation | RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private boolean pollingIsOver() {
    return now.get() > 100 * A_MICROSECOND && ours.isBlocking();
  }

  private void awaitPolling() {
    Awaitility.await().atMost(SOON).until(() -> !ours.isBlocking());
  }

  /** The number of the invocation that the sandbox has got. */
  private long receive() throws IOException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(sandbox));
    int length = in.readInt();
    in.readInt();
    long number = in.readLong();
    in.readNBytes(length);
    return number;
  }

  private void answer(long number, String text) throws IOException {
    sandbox.write(frame(number, text));
  }

  private static ByteBuffer frame(long number, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(16 + body.length);
    frame.putInt(body.length).put(FrameType.RESULT.code).put((byte) 0).putShort((short) 0);
    return frame.putLong(number).put(body).flip();
  }
}
