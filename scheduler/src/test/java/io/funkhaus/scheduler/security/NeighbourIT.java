package io.funkhaus.scheduler.security;

import static io.funkhaus.scheduler.security.HostileFunction.bomb;
import static io.funkhaus.scheduler.security.HostileFunction.bombIntoLog;
import static io.funkhaus.scheduler.security.HostileFunction.endlessly;
import static io.funkhaus.scheduler.security.HostileFunction.printed;
import static io.funkhaus.scheduler.security.HostileFunction.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.fault.Invariants;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * While one tenant's function does its worst, another tenant's is called over and over: every call
 * is answered, and in time. The bounds are far above what an idle machine needs; what they tell
 * apart is a neighbour that waits for the attacker to end.
 */
class NeighbourIT {
  private static final Duration ATTACK = Duration.ofSeconds(6);
  private static final Duration IN_TIME = Duration.ofSeconds(2);
  private static final Duration GONE = Duration.ofSeconds(30);

  /** Between two calls, so that the processor is there for the attacker. */
  private static final Duration PACE = Duration.ofMillis(5);

  private static final int PROCESSES = 256;
  private static final int LOG_CAP = 256 * 1024;

  private static SchedulerFixture platform;
  private static SandboxSpec neighbour;
  private static Invariants invariants;

  @BeforeAll
  static void start() {
    platform = SchedulerFixture.start();
    neighbour =
        platform
            .node("exports.handler = async () => { console.log('a line'); return 'an answer'; }")
            .tenant("222222222222")
            .name("neighbour")
            .spec();
    report(platform.invoke(neighbour, "{}"));
    invariants = Invariants.of(platform);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  /** How long the neighbour's calls took while an attack ran. */
  private static final class Calls {
    private final List<Duration> answers = new ArrayList<>();
    private final List<Duration> logs = new ArrayList<>();
    private int mostProcesses;

    private void call() {
      AtomicLong logAt = new AtomicLong();
      long begin = System.nanoTime();
      Outcome outcome =
          platform.invoke(
              neighbour,
              "{}".getBytes(StandardCharsets.UTF_8),
              (bytes, offset, length) -> logAt.compareAndSet(0, System.nanoTime()));
      answers.add(Duration.ofNanos(System.nanoTime() - begin));
      assertThat(printed(outcome)).isEqualTo("an answer");
      assertThat(report(outcome).log().bytes()).asString().contains("a line");
      logs.add(Duration.ofNanos(logAt.get() - begin));
      LockSupport.parkNanos(PACE.toNanos());
    }

    private static Duration p99(List<Duration> times) {
      List<Duration> sorted = new ArrayList<>(times);
      Collections.sort(sorted);
      return sorted.get(Math.ceilDiv(sorted.size() * 99, 100) - 1);
    }

    private void wereAllInTime(String attack) {
      System.out.printf(
          "NeighbourIT %s: %d calls, p99 %d ms, log p99 %d ms%n",
          attack, answers.size(), p99(answers).toMillis(), p99(logs).toMillis());
      assertThat(answers).hasSizeGreaterThan(20);
      assertThat(p99(answers)).isLessThan(IN_TIME);
      assertThat(logs).allMatch(Duration::isPositive);
      assertThat(p99(logs)).isLessThan(IN_TIME);
    }
  }

  /** An attack that runs until its timeout, in a sandbox that is there already. */
  private record Attack(SandboxSpec spec, Cgroup cgroup, CompletableFuture<Outcome> outcome) {
    private static Attack start(SandboxSpec spec, String event) {
      report(platform.invoke(spec, bomb("exit", "0")));
      Cgroup cgroup = Cgroup.of(platform.containers(spec).getFirst().container());
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              outcome.complete(platform.invoke(spec, event));
            } catch (Throwable failed) {
              outcome.completeExceptionally(failed);
            }
          });
      return new Attack(spec, cgroup, outcome);
    }

    private Outcome.TimedOut end() {
      Outcome ended = outcome.join();
      assertThat(ended).isInstanceOf(Outcome.TimedOut.class);
      return (Outcome.TimedOut) ended;
    }

    private void leavesNothing() {
      await().atMost(GONE).until(() -> platform.containers(spec).isEmpty());
      await().atMost(GONE).until(() -> cgroup.members().isEmpty());
      invariants.check();
    }
  }

  private static SandboxSpec hostile(String name) {
    return HostileFunction.in(platform).tenant("111111111111").name(name).timeout(ATTACK).spec();
  }

  @Test
  void a_fork_bomb_is_not_felt_next_door_and_its_sandbox_is_destroyed() {
    Attack attack = Attack.start(hostile("fork-bomb"), endlessly(bomb("fork")));
    Calls calls = new Calls();

    while (!attack.outcome().isDone()) {
      calls.call();
      if (!attack.cgroup().members().isEmpty()) {
        calls.mostProcesses = Math.max(calls.mostProcesses, attack.cgroup().size());
      }
    }

    attack.end();
    calls.wereAllInTime("fork bomb");
    assertThat(calls.mostProcesses).isBetween(PROCESSES / 4, PROCESSES);
    attack.leavesNothing();
  }

  @Test
  void a_flood_of_log_does_not_hold_up_another_tenants_log() {
    Attack attack = Attack.start(hostile("log-flood"), endlessly(bombIntoLog("log", "40")));
    Calls calls = new Calls();

    while (!attack.outcome().isDone()) {
      calls.call();
    }

    Outcome.TimedOut ended = attack.end();
    calls.wereAllInTime("log flood");
    assertThat(ended.report().log().bytes()).hasSizeBetween(LOG_CAP, LOG_CAP + 1024);
    assertThat(ended.report().log().droppedBytes()).isGreaterThan(40L << 20);
    attack.leavesNothing();
  }

  @Test
  void spinning_processes_share_one_quota_of_processor_time() {
    SandboxSpec spec =
        HostileFunction.in(platform)
            .file(
                "index.js",
                """
                const { spawn } = require('node:child_process');
                exports.handler = ({ tool, spinners }) => new Promise((done) => {
                  if (tool) return done('not yet');
                  for (let i = 0; i < spinners; i++) spawn('/var/task/bomb', ['spin']);
                });
                """)
            .tenant("111111111111")
            .name("spinners")
            .timeout(ATTACK)
            .spec();
    Attack attack = Attack.start(spec, "{\"spinners\":4}");
    await().atMost(ATTACK).until(() -> attack.cgroup().members().size() >= 6);
    Calls calls = new Calls();

    Duration usedBefore = attack.cgroup().processorTime();
    long begin = System.nanoTime();
    Duration used = Duration.ZERO;
    Duration wall = Duration.ZERO;
    while (wall.compareTo(ATTACK.dividedBy(2)) < 0) {
      calls.call();
      used = attack.cgroup().processorTime().minus(usedBefore);
      wall = Duration.ofNanos(System.nanoTime() - begin);
    }

    attack.end();
    System.out.printf(
        "NeighbourIT spinners: %d ms of processor time in %d ms%n",
        used.toMillis(), wall.toMillis());
    calls.wereAllInTime("spinners");
    assertThat(used.toNanos()).isBetween(wall.toNanos() / 20, wall.toNanos() * 11 / 10);
    attack.leavesNothing();
  }

  @Test
  void of_processes_that_ignore_every_signal_none_is_left() {
    Attack attack = Attack.start(hostile("stubborn"), bombIntoLog("stubborn"));
    await().atMost(ATTACK).until(() -> attack.cgroup().members().size() >= 6);
    List<Long> members = attack.cgroup().members();

    attack.end();

    attack.leavesNothing();
    await().atMost(GONE).until(() -> members.stream().noneMatch(NeighbourIT::runs));
  }

  private static boolean runs(long process) {
    return ProcessHandle.of(process).isPresent();
  }
}
