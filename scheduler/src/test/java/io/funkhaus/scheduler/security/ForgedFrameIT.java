package io.funkhaus.scheduler.security;

import static io.funkhaus.scheduler.security.HostileFunction.printed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions that speak on their runtime's channel themselves, past the bootstrap. */
class ForgedFrameIT {
  private static final Duration GONE = Duration.ofSeconds(30);

  /** Writes a frame of its own making to the channel, which is file descriptor 3. */
  private static final String FORGER =
      """
      const fs = require('node:fs');
      const frame = ({ type = 0x84, flags = 0, number = 4711n, length, body = '"forged"' }) => {
        const header = Buffer.alloc(16);
        header.writeUInt32BE(length ?? body.length, 0);
        header[4] = type;
        header[5] = flags;
        header.writeBigUInt64BE(number, 8);
        return Buffer.concat([header, Buffer.from(body)]);
      };
      const send = (bytes) => { try { fs.writeSync(3, bytes); } catch {} };
      const forever = () => new Promise(() => setInterval(() => {}, 1000));
      exports.handler = async ({ way, after }) => {
        const frames = {
          guessed: () => frame({}),
          none: () => frame({ number: 0n }),
          endless: () => frame({ length: 0xffffffff }),
          unknown: () => frame({ type: 0x7f }),
          flags: () => frame({ flags: 1 }),
          hello: () => frame({ type: 0x82, body: '' }),
        };
        if (way === 'drip') {
          const bytes = frame({ length: 1000 });
          let i = 0;
          setInterval(() => send(bytes.subarray(i, ++i)), 200);
          return forever();
        }
        if (way && after) setTimeout(() => send(frames[way]()), 100);
        else if (way) {
          send(frames[way]());
          return forever();
        }
        return 'true result';
      };
      """;

  private static SchedulerFixture platform;

  @BeforeAll
  static void start() {
    platform = SchedulerFixture.start();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  private static SandboxSpec forger(String name, Duration timeout) {
    return platform.node(FORGER).name(name).timeout(timeout).spec();
  }

  @ParameterizedTest
  @ValueSource(strings = {"guessed", "none", "endless", "unknown", "flags", "hello"})
  void a_forged_frame_ends_the_sandbox_long_before_the_timeout_and_is_no_result(String way) {
    SandboxSpec spec = forger("forger-" + way, Duration.ofMinutes(2));
    assertThat(printed(platform.invoke(spec, "{}"))).isEqualTo("true result");
    String container = platform.containers(spec).getFirst().container();

    Outcome outcome = platform.invoke(spec, "{\"way\":\"%s\"}".formatted(way));

    assertThat(outcome).isInstanceOf(Outcome.SandboxLost.class);
    assertThat(HostileFunction.report(outcome).runNanos())
        .isLessThan(Duration.ofSeconds(60).toNanos());
    assertThat(printed(platform.invoke(spec, "{}"))).isEqualTo("true result");
    gone(spec, container);
  }

  private static void gone(SandboxSpec spec, String container) {
    await()
        .atMost(GONE)
        .until(() ->
            platform.containers(spec).stream()
                .noneMatch(left -> left.container().equals(container)));
  }

  @Test
  void a_result_sent_after_the_end_is_nobodys_result_and_ends_the_sandbox() {
    SandboxSpec spec = forger("late", Duration.ofSeconds(30));
    assertThat(printed(platform.invoke(spec, "{\"way\":\"guessed\",\"after\":true}")))
        .isEqualTo("true result");
    String container = platform.containers(spec).getFirst().container();

    await()
        .atMost(GONE)
        .until(() -> {
          Outcome outcome = platform.invoke(spec, "{}");
          boolean found = outcome instanceof Outcome.SandboxLost;
          assertThat(found || printed(outcome).equals("true result")).isTrue();
          return found;
        });

    assertThat(printed(platform.invoke(spec, "{}"))).isEqualTo("true result");
    gone(spec, container);
  }

  @Test
  void a_frame_that_comes_byte_by_byte_does_not_move_the_deadline() {
    SandboxSpec spec = forger("drip", Duration.ofSeconds(2));
    assertThat(printed(platform.invoke(spec, "{}"))).isEqualTo("true result");

    Outcome outcome = platform.invoke(spec, "{\"way\":\"drip\"}");

    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertThat(HostileFunction.report(outcome).runNanos())
        .isLessThan(Duration.ofSeconds(30).toNanos());
    assertThat(printed(platform.invoke(spec, "{}"))).isEqualTo("true result");
  }
}
