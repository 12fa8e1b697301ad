package io.funkhaus.scheduler.security;

import static io.funkhaus.scheduler.security.HostileFunction.printed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.GvisorRuntime;
import io.funkhaus.scheduler.fault.PrivateEngine;
import io.funkhaus.scheduler.stem.StemSettings;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Isolation {@code gvisor} on an engine of its own that has the runtime for it: functions run
 * behind a kernel in user space, and the limits of the host's kernel hold around that.
 */
class GvisorIT {
  private static final Duration ENGINE_DEADLINE = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String WITH_RUNSC =
      """
      {"runtimes": {"runsc": {
        "path": "/usr/bin/runsc",
        "runtimeArgs": ["--platform=ptrace", "--network=none", "--host-uds=open"]}}}
      """;

  private static PrivateEngine engine;
  private static SchedulerFixture platform;

  @BeforeAll
  static void start() {
    engine =
        PrivateEngine.with(
            WITH_RUNSC, "funkhaus/sandbox-nodejs22.x:dev", "funkhaus/sandbox-python3.11:dev");
    platform =
        SchedulerFixture.start(
            () -> engine.client(ENGINE_DEADLINE),
            settings -> settings.with(StemSettings.DEFAULT.with(0, 2, 2)));
  }

  @AfterAll
  static void stop() {
    platform.close();
    engine.close();
  }

  @Test
  void the_engine_tells_how_its_runtime_is_set() throws EngineException {
    try (ContainerEngine client = engine.client(ENGINE_DEADLINE)) {
      assertThat(client.ping().runtimes().get(GvisorRuntime.NAME))
          .containsExactly("--platform=ptrace", "--network=none", "--host-uds=open");
      assertThat(GvisorRuntime.missing(client.ping())).isEmpty();
    }
  }

  @Test
  void a_function_runs_on_a_kernel_of_its_own() {
    String release = "exports.handler = async () => require('node:os').release()";
    SandboxSpec walled = node(release).name("walled").spec();
    SandboxSpec plain = platform.node(release).name("plain").spec();

    String own = printed(platform.invoke(walled, "{}"));

    assertThat(own).isEqualTo("4.4.0");
    assertThat(printed(platform.invoke(plain, "{}"))).isNotEqualTo(own);
    assertThat(printed(platform.invoke(walled, "{}"))).isEqualTo(own);
    assertThat(platform.containers(walled)).hasSize(1);
  }

  @Test
  void python_runs_there_too() {
    SandboxSpec function =
        platform
            .python(
                """
                import platform
                def handler(event, context):
                    return platform.release()
                """)
            .name("snake")
            .isolation(Isolation.GVISOR)
            .spec();

    assertThat(printed(platform.invoke(function, "{}"))).isEqualTo("4.4.0");
  }

  @Test
  void it_sees_no_network_and_writes_nowhere_but_to_tmp() {
    SandboxSpec function =
        node("""
        const fs = require('node:fs');
        const os = require('node:os');
        const net = require('node:net');
        const write = (path) => {
          try {
            fs.writeFileSync(path, 'x');
            return 'written';
          } catch (error) {
            return 'refused';
          }
        };
        const connect = (host) => new Promise((resolve) =>
          net.connect(53, host)
            .on('connect', () => resolve('reached'))
            .on('error', () => resolve('unreachable')));
        exports.handler = async () => [
          Object.keys(os.networkInterfaces()).join(),
          await connect('172.17.0.1'),
          write('/etc/x'), write('/var/task/x'), write('/run/fn/x'), write('/tmp/x'),
        ].join(' ');
        """)
            .name("looks-around")
            .spec();

    assertThat(printed(platform.invoke(function, "{}")))
        .isEqualTo("lo unreachable refused refused refused written");
  }

  @Test
  void the_hosts_kernel_limits_its_memory_and_nothing_is_left_of_it() {
    SandboxSpec greedy =
        node("""
        const kept = [];
        exports.handler = async () => {
          for (;;) kept.push(Buffer.alloc(10 << 20, 1));
        };
        """)
            .name("greedy")
            .spec();

    Outcome outcome = platform.invoke(greedy, "{}");

    assertThat(outcome).isInstanceOf(Outcome.OutOfMemory.class);
    await().atMost(SOON).until(() -> platform.containers(greedy).isEmpty());
  }

  @Test
  void it_is_frozen_at_rest_and_goes_on_with_the_next_call() {
    SandboxSpec function =
        node("let calls = 0; exports.handler = async () => `call ${++calls}`")
            .name("resting")
            .spec();
    assertThat(printed(platform.invoke(function, "{}"))).isEqualTo("call 1");
    String container = platform.containers(function).getFirst().container();

    await().atMost(SOON).until(() -> FreezeIT.frozen(container));

    assertThat(printed(platform.invoke(function, "{}"))).isEqualTo("call 2");
  }

  @Test
  void a_timeout_ends_it_in_time() {
    SandboxSpec spinning =
        node("exports.handler = async () => { for (;;); }")
            .name("spinning")
            .timeout(Duration.ofSeconds(1))
            .spec();

    Outcome outcome = platform.invoke(spinning, "{}");

    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    await().atMost(SOON).until(() -> platform.containers(spinning).isEmpty());
  }

  private static SchedulerFixture.Function node(String source) {
    return platform.node(source).isolation(Isolation.GVISOR);
  }
}
