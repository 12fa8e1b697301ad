package io.funkhaus.scheduler.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal.Limit;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.fault.Callers.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The container engine hangs, is killed, is stopped, while functions are called. */
class EngineFaultIT {
  private static final Duration ENGINE_DEADLINE = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String SLEEPS =
      "exports.handler = (event) => new Promise(done => setTimeout(() => done(1), event.millis))";
  private static final String BRIEF = "{\"millis\":5}";

  private static PrivateEngine engine;
  private SchedulerFixture platform;
  private SandboxSpec warm;
  private Invariants invariants;

  @BeforeAll
  static void startEngine() {
    engine = PrivateEngine.start("funkhaus/sandbox-nodejs22.x:dev");
  }

  @AfterAll
  static void stopEngine() {
    engine.close();
  }

  @BeforeEach
  void warmUp() {
    platform = SchedulerFixture.withStems(() -> engine.client(ENGINE_DEADLINE));
    warm = platform.node(SLEEPS).name("warm").timeout(Duration.ofSeconds(60)).spec();
    awaitStart(warm);
    invariants = Invariants.of(platform);
  }

  @AfterEach
  void close() {
    platform.close();
  }

  /** On a busy host a healthy engine misses so short a deadline now and then. */
  private void awaitStart(SandboxSpec spec) {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> platform.invoke(spec, BRIEF) instanceof Outcome.Succeeded);
  }

  private SandboxSpec cold(int number) {
    return platform.node(SLEEPS).name("cold-" + number).spec();
  }

  @Test
  void
      while_it_hangs_warm_functions_go_on_cold_ones_have_the_stock_or_are_refused_and_then_all_is_whole() {
    try (Callers callers = Callers.start(platform, warm, BRIEF, 4)) {
      Awaitility.await()
          .atMost(SOON)
          .until(() -> callers.answers().size() > 100 && platform.stems() == platform.stemFloor());
      engine.hang();
      try {
        useUpTheStock();
        refusedQuickly();
        int before = callers.answers().size();
        Awaitility.await().atMost(SOON).until(() -> callers.answers().size() > before + 100);
      } finally {
        engine.goOn();
      }
      wholeAgain();
      callers.stop();
      assertThat(callers.endings()).containsOnlyKeys("Succeeded");
    }
    invariants.check();
  }

  @Test
  void while_it_hangs_and_nobody_calls_nothing_spins() throws Exception {
    Duration look = Duration.ofSeconds(2);
    AtomicInteger next = new AtomicInteger();
    engine.hang();
    try {
      Awaitility.await()
          .atMost(SOON)
          .until(() -> {
            platform.invoke(cold(next.getAndIncrement()), BRIEF);
            return !platform.scheduler().snapshot().engineAvailable();
          });
      Duration before = ProcessorTime.ofThisProcess();
      Thread.sleep(look);
      Duration worked = ProcessorTime.ofThisProcess().minus(before);
      System.out.printf(
          "EngineFaultIT: %d ms of processor time in %s beside a hung engine%n",
          worked.toMillis(), look);
      assertThat(worked).isLessThan(look.dividedBy(4));
    } finally {
      engine.goOn();
    }
    wholeAgain();
    invariants.check();
  }

  /** What is there already needs no engine; the warm function may have had some of it. */
  private void useUpTheStock() {
    int served = 0;
    while (platform.invoke(cold(20 + served), BRIEF) instanceof Outcome.Succeeded) {
      served++;
    }
    assertThat(served)
        .as("cold functions while the engine hangs")
        .isBetween(1, platform.stemFloor());
  }

  /** At first after the deadline of a call, then at once. */
  private void refusedQuickly() {
    long begin = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      assertThat(platform.invoke(cold(i), BRIEF)).satisfies(EngineFaultIT::refusedForTheEngine);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isLessThan(ENGINE_DEADLINE.multipliedBy(4));

    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() -> {
          long start = System.nanoTime();
          assertThat(platform.invoke(cold(9), BRIEF)).satisfies(EngineFaultIT::refusedForTheEngine);
          assertThat(Duration.ofNanos(System.nanoTime() - start))
              .isLessThan(Duration.ofMillis(300));
        });
    assertThat(platform.scheduler().snapshot().engineAvailable()).isFalse();
  }

  private static void refusedForTheEngine(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    Outcome.Refused refused = (Outcome.Refused) outcome;
    assertThat(refused.refusal().limit()).isEqualTo(Limit.ENGINE_UNAVAILABLE);
    assertThat(refused.refusal().retryAfter()).isPositive();
  }

  private void wholeAgain() {
    long begin = System.nanoTime();
    SandboxSpec fresh = platform.node(SLEEPS).name("fresh").spec();
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> platform.invoke(fresh, BRIEF) instanceof Outcome.Succeeded);
    System.out.printf(
        "EngineFaultIT: a cold function works %d ms after the engine%n",
        Duration.ofNanos(System.nanoTime() - begin).toMillis());
  }

  @Test
  void limits_that_are_reached_while_it_hangs_are_answered_as_ever_and_nothing_is_left() {
    Duration limit = Duration.ofSeconds(2);
    SandboxSpec late = platform.node(SLEEPS).name("late").timeout(limit).spec();
    SandboxSpec greedy =
        platform
            .node(
                """
                exports.handler = async ({ grow }) => {
                  for (const kept = []; grow; ) kept.push(Buffer.alloc(1 << 20, 1));
                };
                """)
            .name("greedy")
            .spec();
    awaitStart(late);
    awaitStart(greedy);
    engine.hang();
    try (Callers tooLate = Callers.once(platform, late, "{\"millis\":50000}", 1);
        Callers tooLarge = Callers.once(platform, greedy, "{\"grow\":true}", 1)) {
      tooLate.stop();
      tooLarge.stop();

      assertThat(tooLate.endings()).containsOnlyKeys("TimedOut");
      assertThat(tooLate.answers().getFirst().took()).isBetween(limit, limit.plusSeconds(1));
      assertThat(tooLarge.endings()).containsOnlyKeys("OutOfMemory");
      assertThat(tooLarge.answers().getFirst().took()).isLessThan(ENGINE_DEADLINE);
    } finally {
      engine.goOn();
    }
    wholeAgain();
    invariants.check();
  }

  @Test
  void
      killed_and_started_again_under_load_it_costs_those_whose_container_it_took_and_nobody_else() {
    try (Callers callers = Callers.start(platform, warm, BRIEF, 4)) {
      Awaitility.await().atMost(SOON).until(() -> callers.answers().size() > 100);
      try (Callers starts = coldStartsUnderWay()) {
        engine.kill();
        namedToThoseWhoWait(starts);
      }
      int before = callers.answers().size();
      Awaitility.await().atMost(SOON).until(() -> callers.answers().size() > before + 100);
      assertThat(callers.endings()).containsOnlyKeys("Succeeded");

      engine.restart();
      wholeAgain();
      awaitSuccess(callers);
      callers.stop();
      lostAtMostTwice(callers);
    }
    invariants.check();
  }

  /** More than there is in stock; returns while the engine makes containers for the others. */
  private Callers coldStartsUnderWay() {
    int before = platform.created().size();
    List<SandboxSpec> functions =
        IntStream.range(0, platform.stemFloor() + 2).mapToObj(this::cold).toList();
    Callers callers = Callers.once(platform, functions, BRIEF);
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> platform.created().size() > before && platform.making() > 0);
    return callers;
  }

  private static void namedToThoseWhoWait(Callers callers) {
    callers.stop();
    System.out.println("EngineFaultIT: killed during starts: " + callers.endings());
    assertThat(callers.endings().keySet())
        .contains("Refused ENGINE_UNAVAILABLE")
        .isSubsetOf("Refused ENGINE_UNAVAILABLE", "Succeeded");
    assertThat(callers.answers())
        .allMatch(answer -> answer.took().compareTo(ENGINE_DEADLINE.multipliedBy(4)) < 0);
  }

  @Test
  void stopped_with_all_its_containers_it_is_named_to_those_who_waited_for_them() {
    SandboxSpec slow = platform.node(SLEEPS).name("slow").timeout(Duration.ofSeconds(60)).spec();
    awaitStart(slow);
    try (Callers waiting = Callers.once(platform, slow, "{\"millis\":50000}", 1);
        Callers callers = Callers.start(platform, warm, BRIEF, 4)) {
      Awaitility.await()
          .atMost(SOON)
          .until(() -> callers.answers().size() > 100 && platform.busy() >= 1);
      engine.stop();
      waiting.stop();

      assertThat(waiting.answers())
          .extracting(Answer::outcome)
          .hasOnlyElementsOfType(Outcome.SandboxLost.class);
      engine.restart();
      wholeAgain();
      awaitSuccess(callers);
      callers.stop();
      lostAtMostTwice(callers);
    }
    invariants.check();
  }

  private static void awaitSuccess(Callers callers) {
    long before = callers.count(Outcome.Succeeded.class::isInstance);
    Awaitility.await()
        .atMost(SOON)
        .until(() -> callers.count(Outcome.Succeeded.class::isInstance) > before + 20);
  }

  /**
   * Each of the callers can have been in a container that died, and waited for another that was to
   * be made of the stock, which died too; what came later was refused.
   */
  private static void lostAtMostTwice(Callers callers) {
    Map<String, Long> endings = callers.endings();
    System.out.println("EngineFaultIT: " + endings);
    assertThat(endings.keySet())
        .isSubsetOf("Succeeded", "SandboxLost", "Refused ENGINE_UNAVAILABLE");
    assertThat(endings.getOrDefault("SandboxLost", 0L)).isLessThanOrEqualTo(2 * 4);
  }
}
