package io.funkhaus.scheduler.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Docker;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.fault.Callers.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Containers die, fail or are asked for too often while functions are called. */
class ContainerFaultIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration QUICK = Duration.ofMillis(50);
  private static final int KILLS = 100;
  private static final int PARALLEL_STARTS = 2;
  private static final int CALLERS = 4;
  private static final String SLEEPS =
      "exports.handler = (event) => new Promise(done => setTimeout(() => done(1), event.millis))";

  @Test
  void a_hundred_random_kills_under_load_cost_nobody_but_those_inside() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("ContainerFaultIT: run again with -Dseed=" + seed);
    Random random = new Random(seed);
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec = platform.node(SLEEPS).spec();
      assertThat(platform.invoke(spec, "{\"millis\":5}")).isInstanceOf(Outcome.Succeeded.class);
      Invariants invariants = Invariants.of(platform);
      try (Callers callers = Callers.start(platform, spec, "{\"millis\":5}", CALLERS)) {
        for (int i = 0; i < KILLS; i++) {
          killOne(platform, random);
          long before = callers.count(Outcome.Succeeded.class::isInstance);
          Awaitility.await()
              .atMost(SOON)
              .pollInterval(Duration.ofMillis(20))
              .until(() -> callers.count(Outcome.Succeeded.class::isInstance) > before + 20);
        }
        callers.stop();
        System.out.println("ContainerFaultIT: " + KILLS + " kills: " + callers.endings());
        assertThat(callers.endings()).containsOnlyKeys("Succeeded", "SandboxLost");
        assertThat(callers.endings().get("SandboxLost")).isLessThanOrEqualTo(KILLS);
      }
      invariants.check();
    }
  }

  /** The container by the engine, its first process, or the shim that looks after it. */
  private static void killOne(SchedulerFixture platform, Random random) throws IOException {
    List<ContainerListing> running =
        platform.containers().stream().filter(ContainerListing::running).toList();
    if (running.isEmpty()) {
      return;
    }
    String victim = running.get(random.nextInt(running.size())).container();
    try {
      switch (random.nextInt(3)) {
        case 0 -> Docker.run("kill", "--signal", "KILL", victim);
        case 1 -> killProcess(Docker.pid(victim));
        default -> killProcess(parent(Docker.pid(victim)));
      }
    } catch (IllegalStateException | IOException alreadyGone) {
      assertThat(platform.containers())
          .filteredOn(ContainerListing::running)
          .extracting(ContainerListing::container)
          .doesNotContain(victim);
    }
  }

  private static void killProcess(long process) {
    if (process > 1) {
      ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static long parent(long process) throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(process), "status")).stream()
        .filter(line -> line.startsWith("PPid:"))
        .mapToLong(line -> Long.parseLong(line.substring(5).strip()))
        .findFirst()
        .orElse(0);
  }

  @Test
  void two_hundred_first_calls_at_once_start_no_more_sandboxes_than_the_limit() {
    int limit = 5;
    try (SchedulerFixture platform =
        SchedulerFixture.start(
            settings -> settings.with(functionLimit(settings.limits(), limit)))) {
      SandboxSpec spec = platform.node(SLEEPS).spec();
      Invariants invariants = Invariants.of(platform);
      int before = platform.created().size();
      try (Callers callers = Callers.once(platform, spec, "{\"millis\":20}", 200)) {
        callers.stop();
        System.out.println("ContainerFaultIT: herd of 200: " + callers.endings());
        assertThat(callers.answers())
            .extracting(Answer::outcome)
            .hasOnlyElementsOfTypes(Outcome.Succeeded.class, Outcome.Refused.class);
        assertThat(callers.count(Outcome.Succeeded.class::isInstance)).isGreaterThan(limit);
      }
      assertThat(platform.containers(spec)).hasSizeBetween(1, limit);
      assertThat(platform.created().size() - before).isLessThanOrEqualTo(limit);
      assertThat(platform.mostMadeAtOnce()).isLessThan(limit).isLessThanOrEqualTo(PARALLEL_STARTS);
      invariants.check();
    }
  }

  private static Limits functionLimit(Limits limits, int sandboxes) {
    return new Limits(
        limits.memoryBudgetBytes(),
        PARALLEL_STARTS,
        limits.tenantConcurrency(),
        sandboxes,
        limits.queuePerTenant(),
        limits.queueTotal(),
        limits.queueWait());
  }

  @Test
  void a_version_that_fails_to_load_is_not_started_again_and_again() throws Exception {
    Duration load = Duration.ofSeconds(10);
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec broken = platform.node("throw new Error('cannot load')").spec();
      Invariants invariants = Invariants.of(platform);
      int before = platform.created().size();
      Duration worked = ProcessorTime.ofThisProcess();
      long begin = System.nanoTime();
      int calls = 0;
      while (System.nanoTime() - begin < load.toNanos()) {
        Outcome outcome = platform.invoke(broken, "{}");
        assertThat(outcome).isInstanceOfAny(Outcome.HandlerFailed.class, Outcome.Refused.class);
        calls++;
        Thread.sleep(20);
      }
      worked = ProcessorTime.ofThisProcess().minus(worked);
      int started = platform.created().size() - before;
      System.out.printf(
          "ContainerFaultIT: %d calls, %d starts in %s, %d ms of processor time%n",
          calls, started, load, worked.toMillis());
      assertThat(calls).isGreaterThan(100);
      assertThat((long) started).isBetween(1L, load.toSeconds());
      assertThat(worked).isLessThan(load.dividedBy(2));
      invariants.check();
    }
  }

  /**
   * Both loads in turn, several times, so that whatever else the machine does hits both; a refusal
   * counts as slow when this very process was not held up meanwhile.
   */
  @Test
  void overload_times_five_leaves_the_goodput_and_refuses_the_rest_quickly() throws Exception {
    int sandboxes = 4;
    try (SchedulerFixture platform =
            SchedulerFixture.start(settings ->
                settings.with(overloaded(functionLimit(settings.limits(), sandboxes))));
        Hiccups hiccups = Hiccups.watch()) {
      SandboxSpec spec = platform.node(SLEEPS).spec();
      try (Callers callers = Callers.start(platform, spec, "{\"millis\":50}", sandboxes)) {
        Awaitility.await().atMost(SOON).until(() -> platform.containers(spec).size() == sandboxes);
        callers.stop();
      }
      Invariants invariants = Invariants.of(platform);
      long peak = 0;
      long goodput = 0;
      List<Answer> overloaded = new ArrayList<>();
      for (int round = 0; round < 4; round++) {
        try (Callers callers = Callers.start(platform, spec, "{\"millis\":50}", sandboxes)) {
          peak += succeededIn(callers, Duration.ofMillis(1_500));
          callers.stop();
        }
        try (Callers callers = Callers.start(platform, spec, "{\"millis\":50}", 5 * sandboxes)) {
          goodput += succeededIn(callers, Duration.ofMillis(1_500));
          callers.stop();
          overloaded.addAll(callers.answers());
        }
      }
      assertThat(overloaded)
          .extracting(Answer::outcome)
          .hasOnlyElementsOfTypes(Outcome.Succeeded.class, Outcome.Refused.class);
      List<Answer> refused =
          overloaded.stream()
              .filter(answer -> answer.outcome() instanceof Outcome.Refused)
              .toList();
      long slow =
          refused.stream()
              .filter(answer -> answer.took().compareTo(QUICK) > 0)
              .filter(answer -> !hiccups.during(answer.begunAt(), answer.took()))
              .count();
      System.out.printf(
          "ContainerFaultIT: peak %d, overloaded %d, refused %d, slowly %d%n",
          peak, goodput, refused.size(), slow);
      assertThat(refused)
          .hasSizeGreaterThan(100)
          .allMatch(
              answer -> ((Outcome.Refused) answer.outcome()).refusal().retryAfter().isPositive());
      assertThat(slow)
          .as("refusals later than %s, of %d", QUICK, refused.size())
          .isLessThanOrEqualTo(refused.size() / 100);
      assertThat(goodput).isGreaterThanOrEqualTo(peak * 9 / 10);
      invariants.check();
    }
  }

  /** A queue as short as the sandboxes are many. */
  private static Limits overloaded(Limits limits) {
    return new Limits(
        limits.memoryBudgetBytes(),
        limits.parallelStarts(),
        limits.tenantConcurrency(),
        limits.functionConcurrency(),
        4,
        4,
        limits.queueWait());
  }

  private static long succeededIn(Callers callers, Duration time) throws InterruptedException {
    long before = callers.count(Outcome.Succeeded.class::isInstance);
    Thread.sleep(time);
    return callers.count(Outcome.Succeeded.class::isInstance) - before;
  }

  @Test
  void callers_that_go_away_leave_no_thread_and_no_slot() throws Exception {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec = platform.node(SLEEPS).timeout(Duration.ofSeconds(60)).spec();
      assertThat(platform.invoke(spec, "{\"millis\":5}")).isInstanceOf(Outcome.Succeeded.class);
      Invariants invariants = Invariants.of(platform);
      Callers callers = Callers.once(platform, spec, "{\"millis\":50000}", 8);
      Awaitility.await().atMost(SOON).until(() -> platform.busy() >= 1);

      callers.close();
      callers.stop();

      assertThat(callers.endings()).containsOnlyKeys("Cancelled");
      invariants.check();
      assertThat(platform.invoke(spec, "{\"millis\":5}")).isInstanceOf(Outcome.Succeeded.class);
    }
  }
}
