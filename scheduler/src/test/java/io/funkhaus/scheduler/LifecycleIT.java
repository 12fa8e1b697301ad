package io.funkhaus.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.dispatch.SandboxScheduler;
import io.funkhaus.scheduler.dispatch.SchedulerSnapshot.PoolSnapshot;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.engine.ContainerSpec;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.scheduler.engine.SeccompProfile;
import io.funkhaus.scheduler.fault.Invariants;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of containers when something dies, on a real engine. */
class LifecycleIT {
  private static final Duration SOON = Duration.ofSeconds(45);

  /** What is wanted and what is there is compared every ten seconds. */
  private static final Duration NEXT_ROUND = Duration.ofSeconds(20);

  private static final String SLEEPS =
      "exports.handler = (event) => new Promise(done => setTimeout(() => done(1), event.millis))";

  @Test
  void a_container_killed_from_outside_is_told_at_once_and_the_next_call_works() throws Exception {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec = platform.node(SLEEPS).timeout(Duration.ofSeconds(60)).spec();
      Invariants invariants = Invariants.of(platform);
      Outcome[] outcome = new Outcome[1];
      Thread caller =
          Thread.startVirtualThread(() -> outcome[0] = platform.invoke(spec, "{\"millis\":60000}"));
      untilBusy(platform, 1);

      long before = System.nanoTime();
      Docker.run("kill", "--signal", "KILL", platform.containers(spec).getFirst().container());
      assertThat(caller.join(SOON)).isTrue();

      assertThat(outcome[0]).isInstanceOf(Outcome.SandboxLost.class);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
      assertThat(platform.invoke(spec, "{\"millis\":1}")).isInstanceOf(Outcome.Succeeded.class);
      invariants.check();
    }
  }

  @Test
  void an_idle_container_killed_by_its_process_id_is_cleared_away_and_replaced() {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec = platform.node(SLEEPS).spec();
      platform.invoke(spec, "{\"millis\":1}");
      String container = platform.containers(spec).getFirst().container();
      Invariants invariants = Invariants.of(platform);

      ProcessHandle.of(Docker.pid(container)).orElseThrow().destroyForcibly();
      Awaitility.await().atMost(SOON).until(() -> platform.containers(spec).isEmpty());

      assertThat(platform.invoke(spec, "{\"millis\":1}")).isInstanceOf(Outcome.Succeeded.class);
      invariants.check();
    }
  }

  @Test
  void a_restart_removes_what_the_earlier_run_has_left_and_nothing_of_others() throws Exception {
    try (SchedulerFixture platform = SchedulerFixture.start();
        SchedulerFixture neighbour = SchedulerFixture.start()) {
      SandboxSpec ours = platform.node(SLEEPS).spec();
      SandboxSpec theirs = neighbour.node(SLEEPS).spec();
      platform.invoke(ours, "{\"millis\":1}");
      neighbour.invoke(theirs, "{\"millis\":1}");
      List<ContainerListing> before = platform.containers();
      assertThat(before).hasSize(1);
      Invariants invariants = Invariants.of(platform);

      try (SandboxScheduler abandoned = platform.restarted()) {
        assertThat(abandoned).isNotNull();
        assertThat(platform.containers()).doesNotContainAnyElementsOf(before);
        assertThat(neighbour.containers()).hasSize(1);
        assertThat(platform.invoke(ours, "{\"millis\":1}")).isInstanceOf(Outcome.Succeeded.class);
        assertThat(neighbour.invoke(theirs, "{\"millis\":1}"))
            .isInstanceOf(Outcome.Succeeded.class);
      }
      invariants.check();
    }
  }

  @Test
  void a_container_that_nobody_wants_is_removed_within_a_round() throws Exception {
    try (SchedulerFixture platform = SchedulerFixture.start();
        ContainerEngine engine = SchedulerFixture.dockerEngine()) {
      platform.invoke(platform.node(SLEEPS).spec(), "{\"millis\":1}");
      Invariants invariants = Invariants.of(platform);
      ContainerListing wanted = platform.containers().getFirst();
      Path nowhere = Files.createDirectories(platform.data().resolve("stray"));
      String stray =
          engine.create(
              ContainerSpec.harden(
                  "funkhaus/sandbox-nodejs22.x:dev",
                  ContainerLimits.of(128, 1),
                  nowhere,
                  nowhere,
                  SeccompProfile.load(),
                  "",
                  Map.of(
                      Labels.INSTANCE,
                      wanted.labels().get(Labels.INSTANCE),
                      Labels.SANDBOX,
                      UUID.randomUUID().toString())));
      assertThat(platform.containers()).extracting(ContainerListing::container).contains(stray);

      Awaitility.await()
          .atMost(NEXT_ROUND)
          .untilAsserted(() ->
              assertThat(platform.containers())
                  .extracting(ContainerListing::container)
                  .containsExactly(wanted.container()));
      invariants.check();
    }
  }

  @Test
  void when_the_service_is_killed_its_containers_end_by_themselves() throws Exception {
    Process service = startAbandonedService();
    List<String> containers = new ArrayList<>();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      while (line != null && !line.startsWith("ready ")) {
        line = output.readLine();
      }
      assertThat(line).isNotNull();
      containers.addAll(List.of(line.substring("ready ".length()).split(",")));
      assertThat(containers).isNotEmpty();

      service.destroyForcibly().waitFor();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> containers.stream().noneMatch(LifecycleIT::runs));
    } finally {
      service.destroyForcibly();
      for (String container : containers) {
        Docker.run("rm", "--force", container);
      }
      deleteLeftovers(service.pid());
    }
  }

  private static boolean runs(String container) {
    return Docker.run("inspect", "--format", "{{.State.Running}}", container)
        .strip()
        .equals("true");
  }

  private static Process startAbandonedService() throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            AbandonedService.class.getName())
        .redirectErrorStream(true)
        .start();
  }

  private static void deleteLeftovers(long pid) throws IOException {
    Path marker = AbandonedService.marker(pid);
    if (Files.exists(marker)) {
      SchedulerFixture.deleteTree(Path.of(Files.readString(marker)));
      Files.delete(marker);
    }
  }

  @Test
  void draining_under_load_loses_nobody_and_closing_leaves_nothing() throws Exception {
    ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec = platform.node(SLEEPS).spec();
      platform.invoke(spec, "{\"millis\":1}");
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        callers.add(
            Thread.startVirtualThread(() -> {
              Outcome last;
              do {
                last = platform.invoke(spec, "{\"millis\":30}");
                outcomes.add(last);
              } while (last instanceof Outcome.Succeeded);
            }));
      }
      Awaitility.await().atMost(SOON).until(() -> outcomes.size() > 30);

      assertThat(platform.scheduler().drain(SOON)).isTrue();
      for (Thread caller : callers) {
        assertThat(caller.join(SOON)).isTrue();
      }
      platform.scheduler().close();

      assertThat(platform.containers()).isEmpty();
      try (Stream<Path> left = Files.list(platform.data().resolve("sandboxes"))) {
        assertThat(left).isEmpty();
      }
    }
    assertThat(outcomes)
        .allSatisfy(outcome ->
            assertThat(outcome).isInstanceOfAny(Outcome.Succeeded.class, Outcome.Refused.class));
  }

  @Test
  void many_callers_of_a_slow_function_get_enough_sandboxes() throws Exception {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec = platform.node(SLEEPS).spec();
      List<Thread> callers = new ArrayList<>();
      ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < 6; i++) {
        callers.add(
            Thread.startVirtualThread(() -> {
              for (int call = 0; call < 5; call++) {
                outcomes.add(platform.invoke(spec, "{\"millis\":1000}"));
              }
            }));
      }
      Awaitility.await()
          .atMost(SOON)
          .until(() -> platform.containers(spec).size() == callers.size());
      for (Thread caller : callers) {
        assertThat(caller.join(Duration.ofMinutes(2))).isTrue();
      }

      assertThat(outcomes).hasSize(30).allMatch(Outcome.Succeeded.class::isInstance);
    }
  }

  private static void untilBusy(SchedulerFixture platform, int sandboxes) {
    Awaitility.await()
        .atMost(SOON)
        .until(() ->
            platform.scheduler().snapshot().pools().stream().mapToInt(PoolSnapshot::busy).sum()
                == sandboxes);
  }
}
