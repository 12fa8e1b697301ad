package io.funkhaus.scheduler.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Docker;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.Usage;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.fault.Callers.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
    try (SchedulerFixture platform = SchedulerFixture.withStems()) {
      SandboxSpec spec = platform.node(SLEEPS).spec();
      assertThat(platform.invoke(spec, "{\"millis\":5}")).isInstanceOf(Outcome.Succeeded.class);
      Invariants invariants = Invariants.of(platform);
      int stems = 0;
      try (Callers callers = Callers.start(platform, spec, "{\"millis\":5}", CALLERS)) {
        for (int i = 0; i < KILLS; i++) {
          stems += killOne(platform, spec, random) ? 1 : 0;
          long before = callers.count(Outcome.Succeeded.class::isInstance);
          Awaitility.await()
              .atMost(SOON)
              .pollInterval(Duration.ofMillis(20))
              .until(() -> callers.count(Outcome.Succeeded.class::isInstance) > before + 20);
        }
        callers.stop();
        System.out.printf(
            "ContainerFaultIT: %d kills, %d of stems: %s%n", KILLS, stems, callers.endings());
        costsNobodyElse(callers);
        assertThat(stems).isBetween(KILLS / 10, KILLS * 9 / 10);
      }
      invariants.check();
    }
  }

  /** Who waits while the last container is killed that is being made for him is told so. */
  private static void costsNobodyElse(Callers callers) {
    long succeeded = callers.count(Outcome.Succeeded.class::isInstance);
    assertThat(callers.endings().keySet())
        .isSubsetOf("Succeeded", "SandboxLost", "Refused ENGINE_UNAVAILABLE");
    assertThat(callers.answers().size() - succeeded).isLessThanOrEqualTo(KILLS);
  }

  /**
   * The container by the engine, its first process, or the shim that looks after it; a function's,
   * or that of a stem: ready, or still being made.
   *
   * @return whether it was nobody's yet
   */
  private static boolean killOne(SchedulerFixture platform, SandboxSpec spec, Random random)
      throws IOException {
    List<String> running =
        platform.containers().stream()
            .filter(ContainerListing::running)
            .map(ContainerListing::container)
            .toList();
    Set<String> specialised = platform.scheduler().containers(spec);
    boolean stem = random.nextBoolean();
    List<String> victims =
        running.stream().filter(container -> specialised.contains(container) != stem).toList();
    if (victims.isEmpty()) {
      return false;
    }
    kill(platform, victims.get(random.nextInt(victims.size())), random);
    return stem;
  }

  private static void kill(SchedulerFixture platform, String victim, Random random)
      throws IOException {
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
    Duration load = Duration.ofSeconds(6);
    try (SchedulerFixture platform = SchedulerFixture.withStems()) {
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
    try (SchedulerFixture platform = SchedulerFixture.withStems()) {
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

  @Test
  void a_shared_sandbox_that_is_killed_costs_all_inside_it_and_nobody_else() {
    int together = 5;
    try (SchedulerFixture platform = SchedulerFixture.withStems()) {
      SandboxSpec shared =
          platform
              .node(SLEEPS)
              .name("shared")
              .concurrency(together)
              .timeout(Duration.ofSeconds(60))
              .spec();
      SandboxSpec other = platform.node(SLEEPS).name("other").spec();
      assertThat(platform.invoke(shared, "{\"millis\":5}")).isInstanceOf(Outcome.Succeeded.class);
      assertThat(platform.invoke(other, "{\"millis\":5}")).isInstanceOf(Outcome.Succeeded.class);
      Invariants invariants = Invariants.of(platform);
      try (Callers inside = Callers.once(platform, shared, "{\"millis\":50000}", together);
          Callers others = Callers.start(platform, other, "{\"millis\":5}", 2)) {
        Awaitility.await().atMost(SOON).until(() -> running(platform, shared) == together);
        assertThat(platform.containers(shared)).hasSize(1);

        Docker.run("kill", platform.containers(shared).getFirst().container());
        inside.stop();
        int before = others.answers().size();
        Awaitility.await().atMost(SOON).until(() -> others.answers().size() > before + 20);
        others.stop();

        assertThat(inside.endings()).containsOnly(Map.entry("SandboxLost", (long) together));
        assertThat(others.endings()).containsOnlyKeys("Succeeded");
      }
      assertThat(platform.invoke(shared, "{\"millis\":5}")).isInstanceOf(Outcome.Succeeded.class);
      invariants.check();
    }
  }

  private static int running(SchedulerFixture platform, SandboxSpec spec) {
    return platform.scheduler().usage(spec.tenant()).functions().stream()
        .filter(function -> function.function().equals(spec.function()))
        .mapToInt(Usage.OfFunction::running)
        .sum();
  }
}
