package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.scheduler.polling.BusyPolling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
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

  private FarSide sandbox;
  private volatile Thread caller = Thread.currentThread();

  @BeforeEach
  void connect() throws IOException {
    sandbox = new FarSide();
  }

  @AfterEach
  void close() throws IOException {
    sandbox.close();
  }

  @Test
  void an_answer_is_found_by_polling() throws Exception {
    CompletableFuture<String> answer = call();
    long number = sandbox.receive();
    awaitPolling();

    sandbox.answer(number, "Hello!");

    assertThat(answer.get()).isEqualTo("Hello!");
    assertThat(sandbox.ours().isBlocking()).isTrue();
  }

  @Test
  void an_answer_that_polling_did_not_find_is_waited_for() throws Exception {
    lookNanos = A_MICROSECOND;
    CompletableFuture<String> answer = call();
    long number = sandbox.receive();
    Awaitility.await().atMost(SOON).until(this::pollingIsOver);

    sandbox.answer(number, "Hello!");

    assertThat(answer.get()).isEqualTo("Hello!");
  }

  @Test
  void a_sandbox_that_ends_is_noticed_by_who_polls() throws Exception {
    CompletableFuture<String> answer = call();
    sandbox.receive();
    awaitPolling();

    sandbox.hangUp();

    assertThatThrownBy(answer::get).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void a_channel_that_is_closed_is_noticed_by_who_polls() throws Exception {
    CompletableFuture<String> answer = call();
    sandbox.receive();
    awaitPolling();

    sandbox.ours().close();

    assertThatThrownBy(answer::get).hasCauseInstanceOf(ClosedChannelException.class);
  }

  @Test
  void who_polls_is_cancelled_by_an_interrupt_as_who_waits() throws Exception {
    CompletableFuture<String> answer = call();
    sandbox.receive();
    awaitPolling();

    caller.interrupt();
    lookNanos = A_MICROSECOND;

    assertThatThrownBy(answer::get).hasCauseInstanceOf(ClosedByInterruptException.class);
  }

  @Test
  void the_rest_of_an_answer_is_not_polled_for() throws Exception {
    CompletableFuture<String> answer = call();
    long number = sandbox.receive();
    awaitPolling();

    ByteBuffer frame = FarSide.result(number, "Hello!");
    sandbox.send(frame.slice(0, 1));
    Awaitility.await().atMost(SOON).until(sandbox.ours()::isBlocking);
    sandbox.send(frame.slice(1, frame.limit() - 1));

    assertThat(answer.get()).isEqualTo("Hello!");
  }

  /** Calls on a virtual thread, as production does. */
  private CompletableFuture<String> call() {
    BusyPolling polling = new BusyPolling(2, () -> now.addAndGet(lookNanos));
    polling.begun();
    SoloExchange exchange = new SoloExchange(new SandboxChannel(sandbox.ours()), polling);
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
    return now.get() > 100 * A_MICROSECOND && sandbox.ours().isBlocking();
  }

  private void awaitPolling() {
    Awaitility.await().atMost(SOON).until(() -> !sandbox.ours().isBlocking());
  }
}
