package io.funkhaus.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What one function version leaves behind is never seen by another one, in any order of calls:
 * against a model that knows who has left which mark.
 */
class StateLeakIT {
  private static final int ROUNDS = 700;
  private static final int CALLS_AT_ONCE = 2;
  private static final double CRASHES = 0.015;

  /** Leaves a mark everywhere it can, and answers with all marks that it finds. */
  private static final String MARKER =
      """
      const fs = require('node:fs');
      const os = require('node:os');
      const places = ['/tmp', '/var/tmp', '/dev/shm', '/dev/mqueue', '/run/fn', '/var/task'];
      exports.handler = async ({ mark, crash }) => {
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
        if (crash) process.exit(1);
        return [`host:${os.hostname()}`, ...new Set(seen)].join(' ');
      };
      exports.second = exports.handler;
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

  /** A function version, with the model of it: the marks that its calls have left. */
  private record Version(String name, SandboxSpec spec, Set<String> left) {}

  private record Call(Version version, boolean crashes, Future<Outcome> outcome) {}

  @Test
  void marks_stay_within_their_tenant_function_version_and_configuration() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<Version> versions = versions();
    Set<String> remembering = new HashSet<>();
    int marks = 0;

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < ROUNDS; round++) {
        List<Call> calls = new ArrayList<>();
        for (int i = random.nextInt(CALLS_AT_ONCE) + 1; i > 0; i--) {
          Version version = versions.get(random.nextInt(versions.size()));
          boolean crashes = random.nextDouble() < CRASHES;
          String mark = "MARK_" + marks++;
          version.left().add(mark);
          String event = "{\"mark\":\"%s\",\"crash\":%b}".formatted(mark, crashes);
          calls.add(
              new Call(
                  version, crashes, callers.submit(() -> platform.invoke(version.spec(), event))));
        }
        for (Call call : calls) {
          Version version = call.version();
          String story =
              "round %d, %s, run again with -Dseed=%d".formatted(round, version.name(), seed);
          Outcome outcome = call.outcome().get();
          if (call.crashes()) {
            assertThat(outcome).as(story).isInstanceOf(Outcome.Exited.class);
          } else {
            Set<String> seen = seen(outcome);
            assertThat(version.left()).as(story).containsAll(seen);
            if (!seen.isEmpty()) {
              remembering.add(version.name());
            }
          }
        }
      }
    }

    assertThat(remembering)
        .as("who finds its own marks, without which this test would see nothing, seed %d", seed)
        .hasSameSizeAs(versions);
  }

  private static Set<String> seen(Outcome outcome) {
    List<String> words = Arrays.asList(HostileFunction.printed(outcome).split(" ", -1));
    assertThat(words.getFirst()).isEqualTo("host:sandbox");
    return Set.copyOf(words.subList(1, words.size()));
  }

  /** Each differs from the first, or from the first draft, in one thing that separates. */
  private static List<Version> versions() {
    return List.of(
        version("first", leak()),
        version("other tenant", leak().tenant("999999999999")),
        version("other function", leak().name("leak-too")),
        version("other version", leak().version("2")),
        version("other memory", leak().memory(192)),
        version("other timeout", leak().timeout(Duration.ofSeconds(11))),
        version("other handler", leak().handler("index.second")),
        version("draft", draft().variable("A", "1")),
        version("draft, other value", draft().variable("A", "2")),
        version("draft, no value", draft()),
        version("draft, other code", draft().file("more.txt", "more")));
  }

  private static Version version(String name, SchedulerFixture.Function function) {
    return new Version(name, function.spec(), new HashSet<>());
  }

  private static SchedulerFixture.Function draft() {
    return leak().version("$LATEST");
  }

  private static SchedulerFixture.Function leak() {
    return platform.node(MARKER).name("leak");
  }
}
