package io.funkhaus.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.fault.Invariants;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every ending of an invocation, on the production path and real containers. */
class OutcomesIT {
  private static SchedulerFixture platform;
  private static Invariants invariants;

  @BeforeAll
  static void start() {
    platform = SchedulerFixture.start();
    invariants = Invariants.of(platform);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void a_node_function_returns_its_result() {
    SandboxSpec hello =
        platform
            .node(
                """
                exports.handler = async (event) => {
                  console.log('greeting', event.name);
                  return `Hello, ${event.name}!`;
                };
                """)
            .name("greeter")
            .spec();

    Outcome.Succeeded cold = succeeded(platform.invoke(hello, "{\"name\":\"Alice\"}"));
    Outcome.Succeeded warm = succeeded(platform.invoke(hello, "{\"name\":\"Bob\"}"));

    assertThat(text(cold.result())).isEqualTo("\"Hello, Alice!\"");
    assertThat(text(warm.result())).isEqualTo("\"Hello, Bob!\"");
    assertThat(log(cold.report())).contains("greeting Alice").doesNotContain("Bob");
    assertThat(log(warm.report())).contains("greeting Bob").doesNotContain("Alice");
    assertThat(cold.report().coldStart()).isTrue();
    assertThat(cold.report().initNanos()).isPositive();
    assertThat(warm.report().coldStart()).isFalse();
    assertThat(warm.report().initNanos()).isZero();
    assertThat(warm.report().sandboxId()).isEqualTo(cold.report().sandboxId());
    assertThat(warm.report().peakMemoryBytes()).isBetween(5L << 20, 128L << 20);
  }

  @Test
  void a_python_function_returns_its_result() {
    SandboxSpec hello =
        platform
            .python(
                """
                def handler(event, context):
                    print("hi", event["name"])
                    return {"message": "Hello, " + event["name"] + "!"}
                """)
            .name("snake")
            .spec();

    Outcome.Succeeded outcome = succeeded(platform.invoke(hello, "{\"name\":\"Alice\"}"));

    assertThat(text(outcome.result())).contains("Hello, Alice!");
    assertThat(log(outcome.report())).contains("hi Alice");
  }

  @Test
  void the_environment_reaches_the_function_and_no_inspection() throws Exception {
    SandboxSpec spec =
        platform
            .node("exports.handler = async () => process.env.SECRET + process.env.QUOTED")
            .name("env")
            .variable("SECRET", "s3cr3t-canary")
            .variable("QUOTED", "\"\\\n\u0001é")
            .spec();

    assertThat(text(succeeded(platform.invoke(spec, "{}")).result()))
        .isEqualTo("\"s3cr3t-canary\\\"\\\\\\n\\u0001é\"");
    assertThat(Docker.inspect(platform.containers(spec).getFirst().container()))
        .doesNotContain("s3cr3t-canary");
  }

  @Test
  void a_thrown_error_is_told_and_the_sandbox_goes_on() {
    SandboxSpec spec =
        platform
            .node(
                """
                exports.handler = async (event) => {
                  if (event.fail) throw new TypeError('no such thing');
                  return 1;
                };
                """)
            .name("throws")
            .spec();

    Outcome.HandlerFailed failed = (Outcome.HandlerFailed) platform.invoke(spec, "{\"fail\":true}");
    Outcome.Succeeded next = succeeded(platform.invoke(spec, "{}"));

    assertThat(failed.phase()).isEqualTo(Outcome.Phase.RUN);
    assertThat(text(failed.error())).contains("TypeError", "no such thing", "index.js");
    assertThat(next.report().sandboxId()).isEqualTo(failed.report().sandboxId());
  }

  @Test
  void a_timeout_is_answered_within_a_second_of_the_limit_and_leaves_nothing_behind() {
    SandboxSpec spec =
        platform
            .node(
                """
                exports.handler = async (event) => {
                  if (!event.hang) return 'quick';
                  console.log('about to hang');
                  require('child_process').spawn('/bin/sh', ['-c', 'trap "" TERM; sleep 60'], {detached: true});
                  for (;;) {}
                };
                """)
            .name("hangs")
            .timeout(Duration.ofSeconds(1))
            .spec();
    succeeded(platform.invoke(spec, "{}"));

    long before = System.nanoTime();
    Outcome.TimedOut outcome = (Outcome.TimedOut) platform.invoke(spec, "{\"hang\":true}");
    Duration took = Duration.ofNanos(System.nanoTime() - before);

    assertThat(took).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(outcome.phase()).isEqualTo(Outcome.Phase.RUN);
    assertThat(log(outcome.report())).contains("about to hang");
    eventuallyNoContainer(spec);
    assertThat(text(succeeded(platform.invoke(spec, "{}")).result())).isEqualTo("\"quick\"");
    invariants.check();
  }

  @Test
  void a_module_that_never_loads_times_out_in_init() {
    SandboxSpec spec = platform.node("for (;;) {}").name("hangs-in-init").spec();

    Outcome.TimedOut outcome = (Outcome.TimedOut) platform.invoke(spec, "{}");

    assertThat(outcome.phase()).isEqualTo(Outcome.Phase.INIT);
    assertThat(outcome.report().initNanos()).isPositive();
    invariants.check();
  }

  @Test
  void out_of_memory_is_told_and_the_next_call_works() {
    SandboxSpec spec =
        platform
            .node(
                """
                const kept = [];
                exports.handler = async (event) => {
                  for (let i = 0; i < event.megabytes; i++) kept.push(Buffer.alloc(1 << 20, 1));
                  return kept.length;
                };
                """)
            .name("greedy")
            .spec();

    Outcome.OutOfMemory outcome =
        (Outcome.OutOfMemory) platform.invoke(spec, "{\"megabytes\":300}");
    Outcome.Succeeded next = succeeded(platform.invoke(spec, "{\"megabytes\":1}"));

    assertThat(outcome.phase()).isEqualTo(Outcome.Phase.RUN);
    assertThat(text(next.result())).isEqualTo("1");
    assertThat(next.report().sandboxId()).isNotEqualTo(outcome.report().sandboxId());
    invariants.check();
  }

  @Test
  void the_death_of_a_child_by_memory_is_told_in_the_log_and_ends_the_sandbox() {
    SandboxSpec spec =
        platform
            .python(
                """
                import subprocess, sys
                def handler(event, context):
                    code = "x = b'1' * (300 << 20); print(len(x))"
                    return subprocess.run([sys.executable, "-c", code]).returncode
                """)
            .name("greedy-child")
            .spec();

    Outcome.Succeeded outcome = succeeded(platform.invoke(spec, "{}"));

    assertThat(text(outcome.result())).isEqualTo("-9");
    assertThat(log(outcome.report())).contains("memory limit of 128 MB");
    eventuallyNoContainer(spec);
  }

  @Test
  void a_process_that_exits_is_told_with_its_status() {
    SandboxSpec spec =
        platform
            .node(
                """
                exports.handler = async (event) => {
                  console.log('last words');
                  if (event.exit) process.exit(event.exit);
                  return 'alive';
                };
                """)
            .name("exits")
            .spec();

    Outcome.Exited outcome = (Outcome.Exited) platform.invoke(spec, "{\"exit\":7}");

    assertThat(outcome.exitStatus()).isEqualTo(7);
    assertThat(log(outcome.report())).contains("last words");
    assertThat(text(succeeded(platform.invoke(spec, "{}")).result())).isEqualTo("\"alive\"");
  }

  @Test
  void a_crash_by_signal_is_told_with_its_signal() {
    SandboxSpec spec =
        platform
            .python(
                """
                import os, signal
                def handler(event, context):
                    os.kill(os.getpid(), signal.SIGSEGV)
                """)
            .name("crashes")
            .spec();

    Outcome.Exited outcome = (Outcome.Exited) platform.invoke(spec, "{}");

    assertThat(outcome.exitStatus()).isEqualTo(256 + 11);
  }

  @Test
  void a_syntax_error_and_a_missing_handler_are_distinct_errors_of_init() {
    Outcome.HandlerFailed syntax =
        (Outcome.HandlerFailed)
            platform.invoke(platform.node("exports.handler = (").name("syntax").spec(), "{}");
    Outcome.HandlerFailed missing =
        (Outcome.HandlerFailed)
            platform.invoke(platform.node("exports.other = 1").name("missing").spec(), "{}");

    assertThat(syntax.phase()).isEqualTo(Outcome.Phase.INIT);
    assertThat(text(syntax.error())).contains("Runtime.UserCodeSyntaxError");
    assertThat(missing.phase()).isEqualTo(Outcome.Phase.INIT);
    assertThat(text(missing.error())).contains("Runtime.HandlerNotFound");
  }

  @Test
  void a_version_that_does_not_load_is_soon_refused_at_once_with_its_last_error() {
    SandboxSpec spec = platform.node("throw new Error('broken on purpose')").name("broken").spec();
    for (int i = 0; i < 3; i++) {
      assertThat(platform.invoke(spec, "{}")).isInstanceOf(Outcome.HandlerFailed.class);
    }

    Outcome.Refused refused = (Outcome.Refused) platform.invoke(spec, "{}");

    assertThat(refused.refusal().limit()).isEqualTo(Refusal.Limit.INIT_BACKOFF);
    assertThat(refused.refusal().message()).contains("broken on purpose", "3 times");
    assertThat(refused.refusal().retryAfter()).isPositive();
  }

  @Test
  void a_result_that_is_no_json_is_an_error_of_the_function() {
    SandboxSpec spec =
        platform
            .node("exports.handler = async () => { const a = {}; a.a = a; return a; }")
            .name("circular")
            .spec();

    Outcome.HandlerFailed outcome = (Outcome.HandlerFailed) platform.invoke(spec, "{}");

    assertThat(text(outcome.error())).contains("Runtime.JSONStringifyError");
  }

  @Test
  void six_megabytes_go_in_and_out_and_not_one_byte_more() {
    SandboxSpec spec =
        platform
            .node("exports.handler = async (event) => event.text + 'x'.repeat(event.more)")
            .name("echo")
            .memory(512)
            .spec();
    int limit = 6_291_556;
    String text = "a".repeat(limit - 40);

    Outcome.Succeeded fits =
        succeeded(platform.invoke(spec, "{\"text\":\"" + text + "\",\"more\":38}"));
    Outcome.ResponseTooLarge tooLarge =
        (Outcome.ResponseTooLarge) platform.invoke(spec, "{\"text\":\"" + text + "\",\"more\":39}");

    assertThat(fits.result()).hasSize(limit);
    assertThat(tooLarge.report().log()).isNotNull();
    assertThat(platform.invoke(spec, "{\"text\":\"\",\"more\":1}"))
        .isInstanceOf(Outcome.Succeeded.class);
  }

  @Test
  void forty_megabytes_of_log_are_drained_capped_and_counted() {
    SandboxSpec spec =
        platform
            .node(
                """
                exports.handler = async () => {
                  const line = 'x'.repeat(1023) + '\\n';
                  for (let i = 0; i < 40960; i++) process.stdout.write(line);
                  return 'done';
                };
                """)
            .name("chatty")
            .spec();

    Outcome.Succeeded outcome = succeeded(platform.invoke(spec, "{}"));

    assertThat(text(outcome.result())).isEqualTo("\"done\"");
    assertThat(outcome.report().log().bytes()).hasSize(256 * 1024);
    assertThat(outcome.report().log().bytes().length + outcome.report().log().droppedBytes())
        .isEqualTo(40L << 20);
  }

  @Test
  void binary_output_and_forged_frames_stay_what_they_are_log() {
    SandboxSpec spec =
        platform
            .node(
                """
                exports.handler = async () => {
                  const forged = Buffer.alloc(18);
                  forged[3] = 2; forged[4] = 0x84; forged.write('42', 16);
                  process.stdout.write(forged);
                  process.stdout.write(Buffer.from([0, 255, 254, 128, 10]));
                  return 'true result';
                };
                """)
            .name("binary")
            .spec();

    Outcome.Succeeded outcome = succeeded(platform.invoke(spec, "{}"));

    assertThat(text(outcome.result())).isEqualTo("\"true result\"");
    byte[] log = outcome.report().log().bytes();
    assertThat(Arrays.copyOfRange(log, log.length - 5, log.length))
        .containsExactly(0, 255, 254, 128, 10);
  }

  @Test
  void log_is_told_while_it_is_written() throws InterruptedException {
    SandboxSpec spec =
        platform
            .node(
                """
                exports.handler = async () => {
                  console.log('first');
                  await new Promise(done => setTimeout(done, 3000));
                  return 'end';
                };
                """)
            .name("slow")
            .spec();
    ByteArrayOutputStream heard = new ByteArrayOutputStream();

    Thread caller =
        Thread.startVirtualThread(
            () -> platform.invoke(spec, new byte[0], (bytes, at, n) -> heard.write(bytes, at, n)));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> heard.toString(StandardCharsets.UTF_8).contains("first"));

    assertThat(caller.isAlive()).isTrue();
    caller.join();
  }

  @Test
  void an_interrupted_caller_cancels_and_the_sandbox_is_gone() throws InterruptedException {
    SandboxSpec spec =
        platform
            .node("exports.handler = () => new Promise(done => setTimeout(done, 60000))")
            .name("cancelled")
            .timeout(Duration.ofSeconds(60))
            .spec();
    Outcome[] outcome = new Outcome[1];
    Thread caller = Thread.startVirtualThread(() -> outcome[0] = platform.invoke(spec, "{}"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            platform.scheduler().snapshot().pools().stream()
                .anyMatch(pool -> pool.function().equals("cancelled") && pool.busy() == 1));

    caller.interrupt();
    caller.join();

    assertThat(outcome[0]).isInstanceOf(Outcome.Cancelled.class);
    eventuallyNoContainer(spec);
  }

  private static void eventuallyNoContainer(SandboxSpec spec) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(platform.containers(spec)).isEmpty());
  }

  private static Outcome.Succeeded succeeded(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    return (Outcome.Succeeded) outcome;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String log(Report report) {
    return text(report.log().bytes());
  }
}
