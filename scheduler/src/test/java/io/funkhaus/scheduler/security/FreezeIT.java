package io.funkhaus.scheduler.security;

import static io.funkhaus.scheduler.security.HostileFunction.bomb;
import static io.funkhaus.scheduler.security.HostileFunction.bombIntoLog;
import static io.funkhaus.scheduler.security.HostileFunction.printed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.fault.Invariants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Between two invocations nothing of a function runs, on a real engine and the kernel's freezer.
 */
class FreezeIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void what_a_function_leaves_behind_does_not_run_between_invocations() {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec = HostileFunction.in(platform).spec();
      assertThat(printed(platform.invoke(spec, bombIntoLog("daemon", "/tmp/count"))))
          .contains("status=0");
      String container = platform.containers(spec).getFirst().container();
      Cgroup group = Cgroup.of(container);
      assertThat(group.size()).isGreaterThan(2);

      await().atMost(SOON).until(() -> frozen(container));
      Duration before = group.processorTime();
      await()
          .during(Duration.ofSeconds(1))
          .atMost(SOON)
          .until(() -> group.processorTime().equals(before));

      assertThat(platform.invoke(spec, bomb("exit", "0"))).isInstanceOf(Outcome.Succeeded.class);
      assertThat(platform.containers(spec).getFirst().container()).isEqualTo(container);
      await().atMost(SOON).until(() -> group.processorTime().compareTo(before) > 0);
    }
  }

  @Test
  void a_frozen_sandbox_is_removed_when_its_version_is_not_wanted_any_more() {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec = platform.node("exports.handler = async () => 1").spec();
      platform.invoke(spec, "{}");
      String container = platform.containers(spec).getFirst().container();
      await().atMost(SOON).until(() -> frozen(container));

      platform.scheduler().retire(spec, "deleted");

      await().atMost(SOON).until(() -> platform.containers(spec).isEmpty());
    }
  }

  @Test
  void a_restart_removes_sandboxes_that_the_earlier_run_has_frozen() {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec = platform.node("exports.handler = async () => 1").spec();
      platform.invoke(spec, "{}");
      String container = platform.containers(spec).getFirst().container();
      await().atMost(SOON).until(() -> frozen(container));
      Invariants invariants = Invariants.of(platform);

      try (var abandoned = platform.restarted()) {
        assertThat(abandoned).isNotNull();
        await()
            .atMost(SOON)
            .until(() ->
                platform.containers().stream().noneMatch(c -> c.container().equals(container)));
      }
      invariants.check();
    }
  }

  @Test
  void a_sandbox_killed_while_it_was_frozen_costs_at_most_one_call_and_leaves_nothing() {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec = platform.node("exports.handler = async () => 1").spec();
      platform.invoke(spec, "{}");
      String container = platform.containers(spec).getFirst().container();
      await().atMost(SOON).until(() -> frozen(container));
      Cgroup group = Cgroup.of(container);
      Invariants invariants = Invariants.of(platform);

      group
          .members()
          .forEach(process -> ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly));

      assertThat(platform.invoke(spec, "{}"))
          .isInstanceOfAny(Outcome.Succeeded.class, Outcome.SandboxLost.class);
      assertThat(platform.invoke(spec, "{}")).isInstanceOf(Outcome.Succeeded.class);
      await().atMost(SOON).until(() -> group.members().isEmpty());
      await()
          .atMost(SOON)
          .until(
              () -> platform.containers().stream().noneMatch(c -> c.container().equals(container)));
      invariants.check();
    }
  }

  /** Under either version of control groups. */
  static boolean frozen(String container) {
    try (Stream<Path> places =
        Stream.of(
            Path.of("/sys/fs/cgroup/freezer/docker", container, "freezer.state"),
            Path.of(
                "/sys/fs/cgroup/system.slice", "docker-" + container + ".scope", "cgroup.events"),
            Path.of("/sys/fs/cgroup/docker", container, "cgroup.events"))) {
      return places.filter(Files::exists).anyMatch(FreezeIT::saysFrozen);
    }
  }

  private static boolean saysFrozen(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.contains("FROZEN") || lines.contains("frozen 1");
    } catch (IOException ended) {
      return false;
    }
  }
}
