package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  private FarSide sandbox;
  private SharedExchange exchange;

  @BeforeEach
  void connect() throws IOException {
    sandbox = new FarSide();
    exchange = new SharedExchange(new SandboxChannel(sandbox.ours()), "a", alone::get);
  }

  @AfterEach
  void close() throws IOException {
    sandbox.close();
  }

  @Test
  void answers_in_another_order_reach_their_callers() throws IOException {
    call("one");
    long one = sandbox.receive();
    call("two");
    long two = sandbox.receive();

    sandbox.answer(two, "2");
    Awaitility.await().atMost(SOON).until(() -> answers.size() == 1);
    assertThat(answers).containsEntry("two", "2");
    sandbox.answer(one, "1");

    Awaitility.await().atMost(SOON).until(() -> "1".equals(answers.get("one")));
  }

  @Test
  void an_answer_that_nobody_waits_for_ends_all_calls_and_those_to_come() throws IOException {
    call("one");
    long one = sandbox.receive();

    sandbox.answer(one + 1, "forged");
    Awaitility.await().atMost(SOON).until(() -> answers.get("one") instanceof ProtocolViolation);
    call("two");

    Awaitility.await().atMost(SOON).until(() -> answers.get("two") instanceof ProtocolViolation);
  }

  @Test
  void an_answer_counts_once() throws IOException {
    call("one");
    long one = sandbox.receive();
    call("two");
    sandbox.receive();

    sandbox.answer(one, "1");
    sandbox.answer(one, "again");

    Awaitility.await().atMost(SOON).until(() -> answers.get("two") instanceof ProtocolViolation);
    assertThat(answers).containsEntry("one", "1");
  }

  @Test
  void the_end_of_the_channel_is_told_to_all() throws IOException {
    call("one");
    call("two");
    sandbox.receive();

    sandbox.hangUp();

    Awaitility.await().atMost(SOON).until(() -> answers.size() == 2);
    assertThat(answers.values()).allMatch(IOException.class::isInstance);
  }

  @Test
  void a_caller_that_goes_away_does_not_disturb_the_others() throws IOException {
    Thread leaving = call("one");
    long one = sandbox.receive();
    call("two");
    long two = sandbox.receive();

    leaving.interrupt();
    sandbox.answer(two, "2");
    Awaitility.await().atMost(SOON).until(() -> "2".equals(answers.get("two")));
    sandbox.answer(one, "1");

    Awaitility.await().atMost(SOON).until(() -> "1".equals(answers.get("one")));
  }

  @Test
  void a_caller_that_goes_away_alone_ends_its_call() throws IOException {
    alone.set(true);
    Thread leaving = call("one");
    sandbox.receive();

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
}
