package io.funkhaus.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What one function version leaves behind is never seen by another one, in any order of calls. */
class StateLeakIT {
  private static final int INVOCATIONS = 200;

  /** Leaves a mark everywhere it can, and answers with all marks that it finds. */
  private static final String MARKER =
      """
      const fs = require('node:fs');
      const os = require('node:os');
      const places = ['/tmp', '/var/tmp', '/dev/shm', '/dev/mqueue', '/run/fn', '/var/task'];
      exports.handler = async ({ mark }) => {
        const seen = Object.keys(process.env).filter((name) => name.startsWith('MARK_'));
        for (const place of places) {
          try {
            seen.push(...fs.readdirSync(place).filter((name) => name.startsWith('MARK_')));
          } catch {}
        }
        seen.push(...Object.keys(globalThis).filter((name) => name.startsWith('MARK_')));
        process.env[mark] = globalThis[mark] = '1';
        for (const place of places) {
          try {
            fs.writeFileSync(`${place}/${mark}`, '');
          } catch {}
        }
        return [...new Set(seen)].sort().join(' ') + ` host:${os.hostname()}`;
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

  @Test
  void marks_stay_within_their_tenant_function_version_and_configuration() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<SandboxSpec> specs = specs();

    for (int i = 0; i < INVOCATIONS; i++) {
      int which = random.nextInt(specs.size());
      String answer =
          HostileFunction.printed(
              platform.invoke(specs.get(which), "{\"mark\":\"MARK_%d\"}".formatted(which)));

      assertThat(answer)
          .as("invocation %d of version %d, run again with -Dseed=%d", i, which, seed)
          .matches("(MARK_%d)? host:sandbox".formatted(which));
    }
  }

  /** Pairs that differ in exactly one thing that separates sandboxes. */
  private static List<SandboxSpec> specs() {
    List<SandboxSpec> specs = new ArrayList<>();
    specs.add(platform.node(MARKER).name("leak").spec());
    specs.add(platform.node(MARKER).name("leak").tenant("999999999999").spec());
    specs.add(platform.node(MARKER).name("leak-too").spec());
    specs.add(platform.node(MARKER).name("leak").version("2").spec());
    specs.add(platform.node(MARKER).name("leak").version("$LATEST").variable("A", "1").spec());
    specs.add(platform.node(MARKER).name("leak").version("$LATEST").variable("A", "2").spec());
    return specs;
  }
}
