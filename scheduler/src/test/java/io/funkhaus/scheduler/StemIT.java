package io.funkhaus.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.fault.Invariants;
import io.funkhaus.scheduler.stem.StemSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Containers that wait for a function and become its sandbox, on a real engine. */
class StemIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String LIMITS =
      """
      const { readFileSync, existsSync } = require('node:fs');
      const read = (...files) => readFileSync(files.find(existsSync), 'utf8').trim();
      const memory = read('/sys/fs/cgroup/memory/memory.limit_in_bytes', '/sys/fs/cgroup/memory.max');
      const quota = read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us', '/sys/fs/cgroup/cpu.max');
      exports.handler = async () => memory + ' ' + quota.split(' ')[0];
      """;

  private final SchedulerFixture platform =
      SchedulerFixture.start(settings -> settings.with(StemSettings.DEFAULT.with(1, 2, 2)));

  @AfterEach
  void nothingIsLeft() {
    platform.scheduler().close();
    assertThat(platform.containers()).isEmpty();
    platform.close();
  }

  @Test
  void the_limits_of_a_function_are_in_force_before_its_first_instruction() {
    untilReady();
    int megabytes = 2 * 1769; // where there are two processors, it may use one more than its stem
    int processors = Math.min(2, Runtime.getRuntime().availableProcessors());
    SandboxSpec spec = platform.node(LIMITS).memory(megabytes).spec();

    Outcome outcome = platform.invoke(spec, "{}");

    assertThat(text(outcome))
        .isEqualTo("\"%d %d\"".formatted((long) megabytes << 20, processors * 100_000));
  }

  @Test
  void a_stem_becomes_one_functions_sandbox_and_another_takes_its_place() {
    untilReady();
    Set<String> used = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      SandboxSpec spec = platform.node("exports.handler = async () => " + i).name("f" + i).spec();
      assertThat(text(platform.invoke(spec, "{}"))).isEqualTo(String.valueOf(i));
      Set<String> own = platform.scheduler().containers(spec);
      assertThat(own).hasSize(1);
      assertThat(used.addAll(own)).as("%s is nobody else's", own).isTrue();
    }
    untilReady();

    assertThat(platform.containers())
        .extracting(ContainerListing::container)
        .hasSizeGreaterThan(4)
        .containsAll(used);
  }

  @Test
  void a_stem_that_was_killed_is_replaced_and_its_memory_counted_once() {
    Invariants invariants = Invariants.of(platform);
    for (ContainerListing stem : platform.containers()) {
      Docker.run("kill", "--signal", "KILL", stem.container());
    }

    invariants.check();
    SandboxSpec spec = platform.node("exports.handler = async () => 1").spec();
    assertThat(text(platform.invoke(spec, "{}"))).isEqualTo("1");
    invariants.check();
  }

  @Test
  void a_bundle_of_five_thousand_files_is_all_there() {
    SchedulerFixture.Function function =
        platform.node(
            """
            const { readdirSync, readFileSync } = require('node:fs');
            exports.handler = async () => {
              let files = 0;
              for (const directory of readdirSync('/var/task/lib')) {
                files += readdirSync('/var/task/lib/' + directory).length;
              }
              return files + ' ' + readFileSync('/var/task/lib/49/99.txt', 'utf8');
            };
            """);
    for (int i = 0; i < 5_000; i++) {
      function.file("lib/" + i / 100 + "/" + i % 100 + ".txt", "file " + i);
    }
    SandboxSpec spec = function.spec();
    untilReady();

    assertThat(text(platform.invoke(spec, "{}"))).isEqualTo("\"5000 file 4999\"");
  }

  /** One of each installed runtime at least. */
  private void untilReady() {
    Awaitility.await()
        .atMost(SOON)
        .until(() ->
            platform.scheduler().snapshot().stems().stream()
                .allMatch(count -> count.ready() > 0 && count.launching() == 0));
  }

  private static String text(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    return new String(((Outcome.Succeeded) outcome).result(), StandardCharsets.UTF_8);
  }
}
