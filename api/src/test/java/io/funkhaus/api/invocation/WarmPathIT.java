package io.funkhaus.api.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.funkhaus.api.TestDatabase;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.connection.CallerWatch;
import io.funkhaus.api.function.FunctionId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.configuration.OnDisconnect;
import io.funkhaus.api.function.resolution.Target;
import io.funkhaus.api.recording.InvocationRecorder;
import io.funkhaus.api.recording.RecordingSettings;
import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.LogListener;
import io.funkhaus.scheduler.SandboxSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the platform adds to a warm call, without HTTP and without the sandbox. */
class WarmPathIT {
  private static final int CALLS = 30_000;
  private static final byte[] PAYLOAD = "{\"name\":\"Alice\"}".getBytes(StandardCharsets.UTF_8);

  private final DataSource database = TestDatabase.newDataSource();
  private final Caller caller = InvocationFixture.caller("1/full");
  private final Target target =
      new Target(
          new FunctionId(1),
          new FunctionName("hello"),
          "$LATEST",
          null,
          new SandboxSpec(
              "000000000001",
              "hello",
              "$LATEST",
              "nodejs22.x",
              Architecture.X86_64,
              "0".repeat(64),
              "index.handler",
              128,
              Duration.ofSeconds(3),
              Isolation.CONTAINER,
              1,
              Map.of()),
          OnDisconnect.FINISH);

  @TempDir Path directory;

  @Test
  void a_warm_call_costs_little_time_and_little_memory_and_every_one_is_recorded()
      throws IOException {
    ScriptedInvoker invoker = new ScriptedInvoker();
    try (InvocationRecorder recorder = start()) {
      InvocationService service =
          new InvocationService(
              (who, function, qualifier) -> target,
              invoker,
              recorder,
              InstantSource.system(),
              new CallerWatch(),
              new RunningInvocations());
      call(service, CALLS);
      long start = System.nanoTime();
      long cpuStart = threads().getCurrentThreadCpuTime();
      long bytesStart = threads().getCurrentThreadAllocatedBytes();
      call(service, CALLS);
      double bytes = (double) (threads().getCurrentThreadAllocatedBytes() - bytesStart) / CALLS;
      double cpu = (threads().getCurrentThreadCpuTime() - cpuStart) / 1_000.0 / CALLS;
      double wall = (System.nanoTime() - start) / 1_000.0 / CALLS;
      System.out.printf(
          "warm path: %.2f us of CPU, %.2f us, %.0f bytes allocated per call%n", cpu, wall, bytes);

      assertThat(cpu).as("microseconds of CPU per call").isLessThan(15);
      assertThat(bytes).as("bytes allocated per call").isLessThan(8_192);
      assertThat(recorder.status().unmarked()).isZero();
      assertThat(recorder.flush(Duration.ofSeconds(60))).isTrue();
      assertThat(
              new JdbcTemplate(database)
                  .queryForObject("SELECT count(*) FROM invocations", Long.class))
          .isEqualTo(2L * CALLS);

      invoker.answer((spec, invocation) -> {
        throw new IllegalStateException("a fault of the platform");
      });
      assertThatThrownBy(() -> call(service, 1)).isInstanceOf(IllegalStateException.class);
    }
    try (InvocationRecorder next = start()) {
      assertThat(next.status().interrupted()).as("ended, and marked as under way").isZero();
    }
  }

  private InvocationRecorder start() throws IOException {
    return InvocationRecorder.start(
        RecordingSettings.in(directory), database, InstantSource.system(), System::nanoTime);
  }

  private void call(InvocationService service, int times) {
    for (int i = 0; i < times; i++) {
      service.invoke(
          new InvocationRequest(
              UUID.randomUUID(),
              caller,
              target.function(),
              Qualifier.DRAFT,
              PAYLOAD,
              LogListener.NONE,
              () -> {
                throw new IllegalStateException("the connection is asked for on the warm path");
              }));
    }
  }

  private static ThreadMXBean threads() {
    return (ThreadMXBean) ManagementFactory.getThreadMXBean();
  }
}
