package io.funkhaus.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.Invocation;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.LogListener;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.RuntimeCatalog;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Specs;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.FakeEngine;
import io.funkhaus.scheduler.engine.FakeFunction;
import io.funkhaus.scheduler.engine.FakeFunction.Reply;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.scheduler.polling.BusyPolling;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import io.funkhaus.scheduler.stem.StemSettings;
import io.funkhaus.scheduler.time.HandMovedTicker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole scheduler on an engine without containers, in time that the test moves. */
class SandboxSchedulerTest {
  private static final String IMAGE = "fake:dev";
  private static final SandboxSpec HELLO = Specs.function("hello");
  private static final Duration SOON = Duration.ofSeconds(10);

  private final HandMovedTicker ticker = new HandMovedTicker();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final Path data;
  private final Path stat;
  private long busy;
  private long idle;
  private FakeEngine engine;
  private SandboxScheduler scheduler;

  SandboxSchedulerTest() throws IOException {
    data = Files.createTempDirectory(Path.of("/tmp"), "fn-t-");
    stat = data.resolve("stat");
    processorsWorked(0, 0);
    engine = new FakeEngine(FakeFunction.ECHO, IMAGE);
    scheduler = scheduler(Limits.ofMemory(4L << 30));
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    gate.countDown();
    scheduler.close();
    assertThat(engine.present()).isZero();
    assertThat(entries(data.resolve("sandboxes"))).isEmpty();
    deleteBundle();
    Files.deleteIfExists(data.resolve("sandboxes"));
    Files.delete(stat);
    Files.delete(data);
  }

  @Test
  void a_function_answers_and_its_sandbox_serves_the_next_call() {
    start(FakeFunction.ECHO);

    Outcome.Succeeded cold = succeeded(invoke(HELLO, "{\"a\":1}"));
    Outcome.Succeeded warm = succeeded(invoke(HELLO, "2"));

    assertThat(text(cold.result())).isEqualTo("{\"a\":1}");
    assertThat(cold.report().coldStart()).isTrue();
    assertThat(text(warm.result())).isEqualTo("2");
    assertThat(warm.report().coldStart()).isFalse();
    assertThat(engine.made()).isEqualTo(1);
  }

  @Test
  void a_run_that_reaches_its_limit_is_ended_and_the_next_call_works() throws Exception {
    start((event, log) -> text(event).equals("hang") ? waitAtGate() : new Reply.Result(event));
    succeeded(invoke(HELLO, "1"));
    Calls calls = call(HELLO, "hang");
    untilBusy(1);

    ticker.move(Duration.ofMillis(2_999));
    assertThat(calls.outcomes).isEmpty();
    ticker.move(Duration.ofMillis(1));

    assertThat(calls.all().getFirst()).isInstanceOf(Outcome.TimedOut.class);
    succeeded(invoke(HELLO, "2"));
    assertThat(scheduler.snapshot().destroys()).containsEntry(DestroyReason.TIMED_OUT, 1L);
  }

  @Test
  @SuppressWarnings("NullAway") // stands for a bug of ours in the middle of a run
  void a_run_that_crashes_on_our_side_gives_its_place_back() {
    start(FakeFunction.ECHO, new Limits(1L << 30, 2, 1, 5, 10, 10, Duration.ofSeconds(60)));
    succeeded(invoke(HELLO, "1"));

    assertThatThrownBy(() ->
            scheduler.invoke(
                HELLO, new Invocation(UUID.randomUUID(), null, new byte[0], LogListener.NONE)))
        .isInstanceOf(NullPointerException.class);

    assertThat(text(succeeded(invoke(HELLO, "2")).result())).isEqualTo("2");
  }

  @Test
  void a_result_for_an_earlier_invocation_is_never_taken_for_the_current_one() {
    start((event, log) ->
        text(event).equals("replay") ? new Reply.Replayed(event) : new Reply.Result(event));
    succeeded(invoke(HELLO, "1"));

    Outcome.SandboxLost lost = (Outcome.SandboxLost) invoke(HELLO, "replay");

    assertThat(lost.reason()).contains("another invocation");
    assertThat(text(succeeded(invoke(HELLO, "3")).result())).isEqualTo("3");
    assertThat(engine.made()).isEqualTo(2);
  }

  @Test
  void frames_of_a_type_that_is_not_due_end_the_sandbox() {
    start((event, log) -> new Reply.Frame(0x82, new byte[0]));

    assertThat(((Outcome.SandboxLost) invoke(HELLO, "1")).reason()).contains("READY");
    Awaitility.await().atMost(SOON).until(() -> engine.present() == 0);
  }

  @Test
  void noise_on_the_channel_ends_the_sandbox_and_nothing_else() {
    start(
        (event, log) -> new Reply.Raw("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8)));

    assertThat(invoke(HELLO, "1")).isInstanceOf(Outcome.SandboxLost.class);
  }

  @Test
  void a_result_over_the_limit_is_told_with_its_size() {
    start((event, log) -> new Reply.Frame(0x84, new byte[6_291_557]));

    Outcome.ResponseTooLarge outcome = (Outcome.ResponseTooLarge) invoke(HELLO, "1");

    assertThat(outcome.bytes()).isEqualTo(6_291_557);
  }

  @Test
  void an_error_that_is_fatal_ends_the_sandbox_before_anybody_else_gets_it() {
    start((event, log) ->
        text(event).equals("die")
            ? new Reply.Failure("{\"errorType\":\"E\",\"errorMessage\":\"m\",\"fatal\":true}")
            : new Reply.Result(event));

    assertThat(invoke(HELLO, "die")).isInstanceOf(Outcome.HandlerFailed.class);
    assertThat(text(succeeded(invoke(HELLO, "2")).result())).isEqualTo("2");
    assertThat(engine.made()).isEqualTo(2);
  }

  @Test
  void a_runtime_that_ends_is_told_with_its_status() {
    start((event, log) -> new Reply.Exit(7));

    assertThat(((Outcome.Exited) invoke(HELLO, "1")).exitStatus()).isEqualTo(7);
  }

  @Test
  void a_module_that_does_not_load_is_told_to_all_who_wait_for_it() throws InterruptedException {
    start(
        new FakeFunction() {
          @Override
          public Reply init(String json) {
            return new Reply.InitError("{\"errorType\":\"E\",\"errorMessage\":\"bad module\"}");
          }

          @Override
          public Reply invoke(byte[] event, Log log) {
            return new Reply.Result(event);
          }
        });

    Calls calls = new Calls();
    for (int i = 0; i < 20; i++) {
      calls.add(HELLO, "1");
    }

    assertThat(calls.all())
        .allSatisfy(outcome ->
            assertThat(outcome)
                .isInstanceOfAny(Outcome.HandlerFailed.class, Outcome.Refused.class));
    assertThat(engine.made()).isLessThanOrEqualTo(3);
  }

  @Test
  void an_error_with_a_very_long_type_is_an_answer_like_any_other() throws InterruptedException {
    String json = "{\"errorType\":\"" + "T".repeat(250_000) + "\",\"errorMessage\":\"m\"}";
    start(
        new FakeFunction() {
          @Override
          public Reply init(String init) {
            return init.contains("broken") ? new Reply.InitError(json) : new Reply.Ready();
          }

          @Override
          public Reply invoke(byte[] event, Log log) {
            return new Reply.Failure(json);
          }
        });

    assertThat(call(HELLO, "1").all())
        .hasOnlyElementsOfType(Outcome.HandlerFailed.class)
        .hasSize(1);
    assertThat(call(Specs.function("broken"), "1").all())
        .hasOnlyElementsOfType(Outcome.HandlerFailed.class)
        .hasSize(1);
  }

  @Test
  void an_error_larger_than_any_bootstrap_makes_is_forged_and_ends_the_sandbox() {
    start((event, log) -> new Reply.Failure("{\"errorType\":\"" + "T".repeat(262_144) + "\"}"));

    assertThat(((Outcome.SandboxLost) invoke(HELLO, "1")).reason()).contains("the limit is 262144");
  }

  @Test
  void a_sandbox_at_rest_is_frozen_and_wakes_up_for_the_next_call() {
    start(FakeFunction.ECHO);
    succeeded(invoke(HELLO, "1"));
    ticker.move(Duration.ofMillis(9_900));
    succeeded(invoke(HELLO, "2"));
    ticker.move(Duration.ofMillis(9_900));
    assertThat(engine.paused()).isZero();

    ticker.move(Duration.ofMillis(200));
    Awaitility.await().atMost(SOON).until(() -> engine.paused() == 1);
    assertThat(scheduler.snapshot().frozen()).isEqualTo(1);

    assertThat(text(succeeded(invoke(HELLO, "3")).result())).isEqualTo("3");
    assertThat(engine.paused()).isZero();
    assertThat(scheduler.snapshot().frozen()).isZero();
    assertThat(engine.made()).isEqualTo(1);
  }

  @Test
  void a_frozen_sandbox_that_is_not_wanted_any_more_is_gone_at_once() {
    start(FakeFunction.ECHO);
    succeeded(invoke(HELLO, "1"));
    ticker.move(Duration.ofSeconds(11));
    Awaitility.await().atMost(SOON).until(() -> engine.paused() == 1);

    scheduler.retire(HELLO, "deleted");

    Awaitility.await().atMost(SOON).until(() -> engine.present() == 0);
  }

  @Test
  void a_function_is_warned_once_shortly_before_its_time_is_over() throws Exception {
    AtomicInteger warnings = new AtomicInteger();
    start(
        new FakeFunction() {
          @Override
          public Reply invoke(byte[] event, Log log) throws InterruptedException {
            return text(event).equals("slow") ? waitAtGate() : new Reply.Result(event);
          }

          @Override
          public void warned() {
            warnings.incrementAndGet();
          }
        });
    succeeded(invoke(HELLO, "1"));
    Calls calls = call(HELLO, "slow");
    untilBusy(1);
    ticker.move(Duration.ofMillis(2_690));
    assertThat(warnings).hasValue(0);

    ticker.move(Duration.ofMillis(20));
    Awaitility.await().atMost(SOON).until(() -> warnings.get() == 1);
    gate.countDown();

    assertThat(calls.all().getFirst()).isInstanceOf(Outcome.Succeeded.class);
    assertThat(warnings).hasValue(1);
  }

  @Test
  void a_start_that_crashes_is_told_to_who_waits_and_holds_up_nobody_else()
      throws InterruptedException {
    start(FakeFunction.ECHO);
    for (int i = 0; i < 8; i++) {
      assertThat(call(Specs.function("888888888888", "crash" + i, 128), "1").all())
          .hasOnlyElementsOfType(Outcome.Refused.class)
          .hasSize(1);
    }

    assertThat(scheduler.snapshot().memoryReservedBytes()).isZero();
    assertThat(call(HELLO, "1").all()).hasOnlyElementsOfType(Outcome.Succeeded.class).hasSize(1);
  }

  @Test
  void a_wall_that_the_engine_cannot_build_is_refused_by_its_name() {
    start(FakeFunction.ECHO);
    SandboxSpec walled = walled("walled");

    Refusal refusal = refused(invoke(walled, "1"));

    assertThat(refusal.limit()).isEqualTo(Refusal.Limit.ISOLATION_UNAVAILABLE);
    assertThat(refusal.message()).contains("the container engine has no runtime runsc");
    assertThat(scheduler.snapshot().refusals())
        .containsOnly(Map.entry(Refusal.Limit.ISOLATION_UNAVAILABLE, 1L));
    Awaitility.await().atMost(SOON).until(() -> scheduler.snapshot().memoryReservedBytes() == 0);
  }

  @Test
  void a_wall_is_looked_at_before_each_container_is_made() {
    start(FakeFunction.ECHO);
    engine.runtimes(Map.of("runsc", List.of("--network=none", "--host-uds=open")));
    succeeded(invoke(walled("warm"), "1"));
    assertThat(engine.runtimesInUse()).containsExactly("runsc");

    engine.runtimes(
        Map.of("runsc", List.of("--network=none", "--host-uds=open", "--ignore-cgroups")));
    assertNoWall("unlimited", "--ignore-cgroups");
    engine.runtimes(Map.of("runsc", List.of("--host-uds=open")));
    assertNoWall("networked", "--network=none");
    engine.runtimes(Map.of());
    assertNoWall("without", "has no runtime runsc");

    succeeded(invoke(walled("warm"), "2"));
    assertThat(engine.made()).isEqualTo(1);
  }

  private void assertNoWall(String function, String reason) {
    Refusal refusal = refused(invoke(walled(function), "1"));
    assertThat(refusal.limit()).isEqualTo(Refusal.Limit.ISOLATION_UNAVAILABLE);
    assertThat(refusal.message()).contains(function, reason);
  }

  private static SandboxSpec walled(String name) {
    return new SandboxSpec(
        Specs.TENANT,
        name,
        "1",
        "nodejs22.x",
        Architecture.X86_64,
        "0".repeat(64),
        "h",
        128,
        Duration.ofSeconds(1),
        Isolation.GVISOR,
        1,
        Map.of());
  }

  @Test
  void stems_are_ready_before_anybody_calls_and_count_as_memory() {
    scheduler.close();
    engine = new FakeEngine(FakeFunction.ECHO, IMAGE);
    scheduler = scheduler(Limits.ofMemory(1L << 30), StemSettings.DEFAULT.with(2, 4, 4));
    scheduler.start();
    untilStems(2);
    assertThat(scheduler.snapshot().memoryReservedBytes()).isEqualTo(2 * (64L << 20));

    succeeded(invoke(HELLO, "1"));
    ticker.move(Duration.ofMillis(100));

    untilStems(2);
    assertThat(engine.present()).isEqualTo(3);
    assertThat(scheduler.snapshot().memoryReservedBytes())
        .isEqualTo((128L << 20) + 2 * (64L << 20));
  }

  @Test
  void a_function_that_needs_the_memory_of_the_stems_gets_it() throws InterruptedException {
    scheduler.close();
    engine = new FakeEngine(FakeFunction.ECHO, IMAGE);
    scheduler = scheduler(Limits.ofMemory(512L << 20), StemSettings.DEFAULT.with(2, 4, 4));
    scheduler.start();
    untilStems(2);

    assertThat(call(Specs.function(Specs.TENANT, "large", 512), "1").all())
        .hasOnlyElementsOfType(Outcome.Succeeded.class)
        .hasSize(1);
    assertThat(scheduler.snapshot().destroys()).containsEntry(DestroyReason.EVICTED, 2L);
    assertThat(scheduler.snapshot().memoryReservedBytes()).isEqualTo(512L << 20);
  }

  private void untilStems(int count) {
    Awaitility.await()
        .atMost(SOON)
        .until(() ->
            scheduler.snapshot().stems().stream()
                .allMatch(stems -> stems.ready() == count && stems.launching() == 0));
  }

  @Test
  void what_is_written_between_two_invocations_belongs_to_the_next_one() {
    start((event, log) -> {
      log.line("during " + text(event));
      if (text(event).equals("1")) {
        Thread.startVirtualThread(() -> {
          awaitGate();
          log.line("in between");
        });
      }
      return new Reply.Result(event);
    });
    Outcome.Succeeded first = succeeded(invoke(HELLO, "1"));
    gate.countDown();
    StringBuilder later = new StringBuilder();
    Awaitility.await()
        .atMost(SOON)
        .until(() -> {
          later.append(text(succeeded(invoke(HELLO, "2")).report().log().bytes()));
          return later.indexOf("in between") >= 0;
        });

    assertThat(text(first.report().log().bytes())).isEqualTo("during 1\n");
    assertThat(later).contains("during 2");
  }

  @Test
  void two_hundred_callers_of_a_cold_function_start_few_and_are_all_answered() throws Exception {
    Limits limits = new Limits(4L << 30, 2, 1_000, 5, 500, 2_000, Duration.ofSeconds(60));
    start(FakeFunction.ECHO, limits);
    Calls calls = new Calls();
    for (int i = 0; i < 200; i++) {
      calls.add(HELLO, String.valueOf(i));
    }

    assertThat(calls.all()).hasSize(200).allMatch(Outcome.Succeeded.class::isInstance);
    assertThat(engine.made()).isLessThanOrEqualTo(5);
    assertThat(engine.mostAtTheSameTime()).isLessThanOrEqualTo(2);
  }

  @Test
  void without_an_engine_warm_functions_go_on_and_cold_ones_are_refused_until_it_is_back() {
    start(FakeFunction.ECHO);
    succeeded(invoke(HELLO, "1"));
    engine.gone(true);

    for (int i = 0; i < 5; i++) {
      succeeded(invoke(HELLO, "2"));
      Refusal refusal = refused(invoke(Specs.function("cold"), "1"));
      assertThat(refusal.limit()).isEqualTo(Refusal.Limit.ENGINE_UNAVAILABLE);
      assertThat(refusal.retryAfter()).isPositive();
    }
    assertThat(scheduler.snapshot().engineAvailable()).isFalse();

    engine.gone(false);
    Awaitility.await()
        .atMost(SOON)
        .until(() -> {
          ticker.move(Duration.ofSeconds(1));
          return invoke(Specs.function("cold"), "1") instanceof Outcome.Succeeded;
        });
  }

  @Test
  void a_container_killed_from_outside_is_named_to_its_caller_and_replaced() throws Exception {
    start((event, log) -> text(event).equals("wait") ? waitAtGate() : new Reply.Result(event));
    Calls calls = call(HELLO, "wait");
    untilBusy(1);

    engine.killFromOutside("fake-1");

    assertThat(calls.all().getFirst()).isInstanceOf(Outcome.SandboxLost.class);
    succeeded(invoke(HELLO, "2"));
    assertThat(scheduler.snapshot().destroys()).containsEntry(DestroyReason.LOST, 1L);
  }

  @Test
  void a_container_killed_while_its_module_is_loaded_is_made_good_for_once() throws Exception {
    AtomicInteger kills = new AtomicInteger(1);
    start(
        new FakeFunction() {
          @Override
          public Reply init(String json) {
            if (kills.getAndDecrement() > 0) {
              killOf(json);
            }
            return new Reply.Ready();
          }

          @Override
          public Reply invoke(byte[] event, Log log) {
            return new Reply.Result(event);
          }
        });

    assertThat(text(succeeded(call(HELLO, "1").all().getFirst()).result())).isEqualTo("1");

    kills.set(100);
    assertThat(call(Specs.function("always"), "1").all().getFirst())
        .isInstanceOf(Outcome.SandboxLost.class);
    assertThat(kills).hasValue(98);
    assertThat(engine.made()).isEqualTo(4);
  }

  /** Kills the container whose sandbox has got this body of INIT. */
  private void killOf(String init) {
    try {
      engine.list(Map.of()).stream()
          .filter(container -> init.contains(container.labels().getOrDefault(Labels.SANDBOX, "?")))
          .map(ContainerListing::container)
          .forEach(engine::killFromOutside);
    } catch (EngineException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_sandbox_that_ends_while_idle_is_not_given_to_anybody() {
    start(FakeFunction.ECHO);
    succeeded(invoke(HELLO, "1"));

    engine.killFromOutside("fake-1");
    Awaitility.await().atMost(SOON).until(() -> engine.present() == 0);

    succeeded(invoke(HELLO, "2"));
  }

  @Test
  void a_retired_version_is_not_served_by_its_old_sandboxes() {
    start(FakeFunction.ECHO);
    succeeded(invoke(HELLO, "1"));

    scheduler.retire(HELLO, "test");
    succeeded(invoke(HELLO, "2"));

    assertThat(engine.made()).isEqualTo(2);
    assertThat(scheduler.snapshot().destroys()).containsEntry(DestroyReason.RETIRED, 1L);
  }

  @Test
  void an_interrupted_caller_leaves_the_queue() throws Exception {
    Limits limits = new Limits(1L << 30, 2, 1, 1, 10, 10, Duration.ofSeconds(60));
    start((event, log) -> waitAtGate(), limits);
    Calls first = call(HELLO, "1");
    untilBusy(1);
    Calls second = call(HELLO, "2");
    Awaitility.await().atMost(SOON).until(() -> scheduler.snapshot().waiting() == 1);

    second.threads.getFirst().interrupt();

    assertThat(second.all().getFirst()).isInstanceOf(Outcome.Cancelled.class);
    assertThat(scheduler.snapshot().waiting()).isZero();
    gate.countDown();
    assertThat(first.all().getFirst()).isInstanceOf(Outcome.Succeeded.class);
  }

  @Test
  void who_waits_for_longer_than_the_limit_is_refused_with_the_limit_that_was_in_the_way()
      throws Exception {
    Limits limits = new Limits(1L << 30, 2, 10, 1, 10, 10, Duration.ofSeconds(2));
    start((event, log) -> waitAtGate(), limits);
    call(HELLO, "1");
    untilBusy(1);
    Calls second = call(HELLO, "2");
    Awaitility.await().atMost(SOON).until(() -> scheduler.snapshot().waiting() == 1);

    ticker.move(Duration.ofSeconds(2));

    assertThat(refused(second.all().getFirst()).limit())
        .isEqualTo(Refusal.Limit.FUNCTION_CONCURRENCY);
  }

  @Test
  void a_runtime_or_code_that_is_not_there_is_named_and_takes_no_memory() {
    start(FakeFunction.ECHO);
    SandboxSpec unknown =
        new SandboxSpec(
            Specs.TENANT,
            "old",
            "1",
            "nodejs4.x",
            Architecture.X86_64,
            "0".repeat(64),
            "h",
            128,
            Duration.ofSeconds(1),
            Isolation.CONTAINER,
            1,
            Map.of());

    assertThat(refused(invoke(unknown, "1")).limit()).isEqualTo(Refusal.Limit.RUNTIME_UNAVAILABLE);
    assertThat(refused(invoke(Specs.function("999999999999", "lost", 128), "1")).limit())
        .isEqualTo(Refusal.Limit.CODE_UNAVAILABLE);
    assertThat(scheduler.snapshot().memoryReservedBytes()).isZero();
  }

  @Test
  void the_code_is_linked_not_copied_and_stays_as_it_was() throws IOException {
    start(FakeFunction.ECHO);
    succeeded(invoke(HELLO, "1"));

    Path sandbox = entries(data.resolve("sandboxes")).getFirst();
    Path linked = sandbox.resolve("task/lib/index.js");

    assertThat(Files.getAttribute(linked, "unix:ino"))
        .isEqualTo(Files.getAttribute(data.resolve("bundle/lib/index.js"), "unix:ino"));
    assertThat(Files.exists(sandbox.resolve("run/fn.sock"))).isFalse();
  }

  @Test
  void nobody_polls_while_more_calls_are_in_progress_than_half_of_the_processors()
      throws Exception {
    start((event, log) -> waitAtGate());
    int many = Runtime.getRuntime().availableProcessors() / 2 + 1;
    List<Calls> calls = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      calls.add(call(HELLO, "1"));
    }
    untilBusy(many);
    assertThat(scheduler.polling().forAnswers()).isFalse();

    gate.countDown();
    for (Calls each : calls) {
      each.all();
    }
    assertThat(scheduler.polling().forAnswers()).isTrue();
  }

  @Test
  void less_than_no_first_calls_cannot_be_forecast() {
    start(FakeFunction.ECHO);

    assertThatThrownBy(() ->
            scheduler.firstCalls(HELLO.runtime(), HELLO.architecture(), HELLO.isolation(), -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count must be 0 or more, was -1");
  }

  @Test
  void nobody_polls_while_the_processors_are_busy() {
    start(FakeFunction.ECHO);
    BusyPolling polling = scheduler.polling();

    Awaitility.await().atMost(SOON).until(() -> processorsWorked(95, 5) && !polling.forAnswers());
    Awaitility.await().atMost(SOON).until(() -> processorsWorked(50, 50) && polling.forAnswers());
  }

  @Test
  void draining_lets_those_inside_finish_and_nobody_in() throws Exception {
    start((event, log) -> waitAtGate());
    Calls inside = call(HELLO, "1");
    untilBusy(1);
    boolean[] drained = new boolean[1];
    Thread drain =
        Thread.startVirtualThread(() -> {
          try {
            drained[0] = scheduler.drain(SOON);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Awaitility.await()
        .atMost(SOON)
        .until(() ->
            invoke(Specs.function("late"), "1") instanceof Outcome.Refused refused
                && refused.refusal().limit() == Refusal.Limit.SHUTTING_DOWN);

    gate.countDown();
    drain.join();

    assertThat(drained[0]).isTrue();
    assertThat(inside.all().getFirst()).isInstanceOf(Outcome.Succeeded.class);
  }

  @Test
  void closing_ends_what_runs_with_a_reason() throws Exception {
    start((event, log) -> waitAtGate());
    Calls inside = call(HELLO, "1");
    untilBusy(1);

    scheduler.close();

    assertThat(((Outcome.Cancelled) inside.all().getFirst()).reason()).contains("shutting down");
  }

  @Test
  void each_function_keeps_its_own_sandbox_whatever_the_order_of_calls() throws Exception {
    AtomicInteger next = new AtomicInteger();
    start(
        new FakeFunction() {
          private final ThreadLocal<String> own = new ThreadLocal<>();

          @Override
          public Reply init(String json) {
            own.set(json.replaceAll(".*\"name\":\"([^\"]+)\".*", "$1"));
            next.incrementAndGet();
            return new Reply.Ready();
          }

          @Override
          public Reply invoke(byte[] event, Log log) {
            return new Reply.Result(own.get());
          }
        });
    Calls calls = new Calls();
    for (int i = 0; i < 100; i++) {
      calls.add(Specs.function("f" + i % 5), "f" + i % 5);
    }

    List<Outcome> outcomes = calls.all();

    for (int i = 0; i < outcomes.size(); i++) {
      assertThat(text(succeeded(outcomes.get(i)).result())).isEqualTo(calls.events.get(i));
    }
    // Never more: no sandbox is specialised twice. One that was started but is no longer needed may
    // be fewer.
    assertThat(next.get()).isBetween(5, engine.made());
  }

  // ---- steps ----

  private void start(FakeFunction function) {
    start(function, Limits.ofMemory(4L << 30));
  }

  /** What the kernel counts from now on; true, to be said in a condition. */
  private boolean processorsWorked(long busyMore, long idleMore) throws IOException {
    busy += busyMore;
    idle += idleMore;
    Path next = data.resolve("stat.next");
    Files.writeString(next, "cpu  %d 0 0 %d 0 0 0 0 0 0%n".formatted(busy, idle));
    Files.move(next, stat, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  private void start(FakeFunction function, Limits limits) {
    scheduler.close();
    engine = new FakeEngine(function, IMAGE);
    scheduler = scheduler(limits);
    scheduler.start();
  }

  private SandboxScheduler scheduler(Limits limits) {
    return scheduler(limits, StemSettings.NONE_AHEAD);
  }

  private SandboxScheduler scheduler(Limits limits, StemSettings stems) {
    return new SandboxScheduler(
        SchedulerSettings.of("test", data, 1L << 30).with(stems).with(limits),
        engine,
        new OneRuntime(),
        this::bundle,
        new SandboxScheduler.Time(ticker, InstantSource.system()),
        new Processors(stat));
  }

  private static final class OneRuntime implements RuntimeCatalog {
    private static final LanguageRuntime NODE =
        new LanguageRuntime("nodejs22.x", Architecture.X86_64, IMAGE);

    @Override
    public Optional<LanguageRuntime> find(String name, Architecture architecture) {
      return all().stream().filter(runtime -> runtime.name().equals(name)).findFirst();
    }

    @Override
    public List<LanguageRuntime> all() {
      return List.of(NODE);
    }
  }

  private synchronized Path bundle(String tenant, String code) throws IOException {
    if (tenant.equals("999999999999")) {
      throw new IOException("no such bundle");
    }
    if (tenant.equals("888888888888")) {
      throw new StackOverflowError("a bug of the code store");
    }
    Path bundle = data.resolve("bundle");
    if (!Files.exists(bundle)) {
      Files.createDirectories(bundle.resolve("lib"));
      Files.writeString(bundle.resolve("lib/index.js"), "// nothing");
    }
    return bundle;
  }

  private void deleteBundle() throws IOException {
    Files.deleteIfExists(data.resolve("bundle/lib/index.js"));
    Files.deleteIfExists(data.resolve("bundle/lib"));
    Files.deleteIfExists(data.resolve("bundle"));
  }

  private Reply waitAtGate() throws InterruptedException {
    gate.await();
    return new Reply.Result("\"waited\"");
  }

  private void awaitGate() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void untilBusy(int sandboxes) {
    Awaitility.await()
        .atMost(SOON)
        .until(() ->
            scheduler.snapshot().pools().stream()
                    .mapToInt(SchedulerSnapshot.PoolSnapshot::busy)
                    .sum()
                == sandboxes);
  }

  /** Calls on threads of their own, answers in the order of the calls. */
  private final class Calls {
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final java.util.concurrent.ConcurrentSkipListMap<Integer, Outcome> outcomes =
        new java.util.concurrent.ConcurrentSkipListMap<>();

    void add(SandboxSpec spec, String event) {
      int number = threads.size();
      events.add(event);
      threads.add(Thread.startVirtualThread(() -> outcomes.put(number, invoke(spec, event))));
    }

    List<Outcome> all() throws InterruptedException {
      for (Thread thread : threads) {
        assertThat(thread.join(SOON)).isTrue();
      }
      return List.copyOf(outcomes.values());
    }
  }

  private Calls call(SandboxSpec spec, String event) {
    Calls calls = new Calls();
    calls.add(spec, event);
    return calls;
  }

  private Outcome invoke(SandboxSpec spec, String event) {
    return scheduler.invoke(
        spec,
        new Invocation(
            UUID.randomUUID(),
            event.getBytes(StandardCharsets.UTF_8),
            "{\"client\":1}".getBytes(StandardCharsets.UTF_8),
            LogListener.NONE));
  }

  private static Outcome.Succeeded succeeded(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    return (Outcome.Succeeded) outcome;
  }

  private static Refusal refused(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).refusal();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static List<Path> entries(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
