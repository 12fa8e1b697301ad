package io.funkhaus.scheduler.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Docker;
import io.funkhaus.scheduler.LogListener;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A tenant that computes in many sandboxes beside one that computes in one, on one machine. */
class NoisyNeighbourIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** A call of the flood takes a second; the other second is for a machine that is busy. */
  private static final Duration ONE_PLACE = Duration.ofSeconds(2);

  private static final Duration A_START = Duration.ofSeconds(4);
  private static final int NOISE_PER_PROCESSOR = 6;

  /** Busy by the wall clock: it takes what it gets. */
  private static final String COMPUTES =
      "exports.handler = async ({ millis }) => {"
          + " const end = Date.now() + millis; while (Date.now() < end); return 1; };";

  @Test
  void a_tenant_with_one_sandbox_computes_as_much_as_one_with_many() {
    int noise = NOISE_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      // One function alone gets no more sandboxes than can compute at a time; a tenant has many.
      List<SandboxSpec> noisy =
          IntStream.range(0, noise).mapToObj(i -> function(platform, "noisy", "f" + i)).toList();
      SandboxSpec quiet = function(platform, "quiet", "f");
      assertThat(platform.invoke(quiet, "{\"millis\":1}")).isInstanceOf(Outcome.Succeeded.class);
      try (Callers flood = new Callers(platform, noisy)) {
        Awaitility.await().atMost(SOON).until(() -> platform.busy() == noise);
        try (Callers alone = new Callers(platform, List.of(quiet))) {
          Awaitility.await().atMost(SOON).until(() -> platform.busy() == noise + 1);
          Duration quietBefore = used(platform, List.of(quiet));
          Duration noisyBefore = used(platform, noisy);
          Awaitility.await()
              .atMost(SOON)
              .until(() ->
                  used(platform, List.of(quiet)).minus(quietBefore).toMillis() >= 1_500
                      || used(platform, noisy).minus(noisyBefore).toMillis() >= 6_000);
          Duration one = used(platform, List.of(quiet)).minus(quietBefore);
          Duration many = used(platform, noisy).minus(noisyBefore);
          System.out.printf(
              "NoisyNeighbourIT: one sandbox %d ms, %d sandboxes %d ms%n",
              one.toMillis(), noise, many.toMillis());
          assertThat(one.toMillis() * 3)
              .as("processor time of one sandbox, against that of %d: %s", noise, many)
              .isGreaterThan(many.toMillis());
          alone.stop();
        }
        flood.stop();
      }
    }
  }

  @Test
  void a_flood_of_computing_calls_gets_no_more_sandboxes_than_can_compute() {
    int processors = Runtime.getRuntime().availableProcessors();
    int callers = 20 * processors;
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec flooded = function(platform, "noisy", "f");
      try (Callers flood = new Callers(platform, Collections.nCopies(callers, flooded))) {
        Awaitility.await()
            .atMost(SOON)
            .until(() -> used(platform, List.of(flooded)).toSeconds() >= 8);
        assertThat(platform.containers(flooded).size()).isBetween(processors, callers / 2);
        flood.stop();
      }
    }
  }

  /** Of eight sandboxes' memory; the flood is ten times what it can have and more than may wait. */
  @Test
  void a_tenant_that_floods_is_refused_and_another_waits_for_one_place_at_most() {
    try (SchedulerFixture platform =
        SchedulerFixture.start(settings -> settings.with(narrow(settings.limits())))) {
      SandboxSpec flooded =
          platform
              .node("exports.handler = () => new Promise(done => setTimeout(done, 1000, 1));")
              .tenant("noisy")
              .name("f")
              .spec();
      SandboxSpec quiet =
          platform.node("exports.handler = async () => 1;").tenant("quiet").name("f").spec();
      assertThat(platform.invoke(quiet, "{}")).isInstanceOf(Outcome.Succeeded.class);
      SandboxSpec other =
          platform.node("exports.handler = async () => 2;").tenant("quiet").name("g").spec();
      Duration idle = p95(platform, quiet);
      try (Callers flood = new Callers(platform, Collections.nCopies(80, flooded))) {
        Awaitility.await().atMost(SOON).until(() -> flood.refused() > 0 && platform.busy() >= 4);

        Duration first = took(platform, other);
        Duration beside = p95(platform, quiet);

        System.out.printf(
            "NoisyNeighbourIT: p95 alone %d ms, beside a flood %d ms, first call %d ms; %d refused%n",
            idle.toMillis(), beside.toMillis(), first.toMillis(), flood.refused());
        assertThat(first).isLessThan(ONE_PLACE.plus(A_START));
        assertThat(beside).isLessThan(idle.multipliedBy(2).plus(ONE_PLACE));
        flood.stop();
      }
    }
  }

  private static Limits narrow(Limits usual) {
    return new Limits(
        1L << 30,
        usual.parallelStarts(),
        usual.tenantConcurrency(),
        usual.functionConcurrency(),
        60,
        usual.queueTotal(),
        usual.queueWait());
  }

  /** Of calls with a pause between them. */
  private static Duration p95(SchedulerFixture platform, SandboxSpec spec) {
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      times.add(took(platform, spec));
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    Collections.sort(times);
    return times.get(times.size() * 95 / 100 - 1);
  }

  private static Duration took(SchedulerFixture platform, SandboxSpec spec) {
    long begin = System.nanoTime();
    assertThat(platform.invoke(spec, "{}")).isInstanceOf(Outcome.Succeeded.class);
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static SandboxSpec function(SchedulerFixture platform, String tenant, String name) {
    return platform.node(COMPUTES).tenant(tenant).name(name).timeout(Duration.ofSeconds(60)).spec();
  }

  /** Processor time of all processes in all sandboxes of some functions. */
  private static Duration used(SchedulerFixture platform, List<SandboxSpec> specs) {
    return specs.stream()
        .flatMap(spec -> platform.scheduler().containers(spec).stream())
        .flatMap(container ->
            ProcessHandle.of(Docker.pid(container)).stream()
                .flatMap(first -> Stream.concat(Stream.of(first), first.descendants())))
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Each calls again as soon as it has been answered, one second of work at a time. */
  private static final class Callers implements AutoCloseable {
    private static final byte[] SECOND = "{\"millis\":1000}".getBytes(StandardCharsets.UTF_8);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean stopping;

    /** One for each. */
    Callers(SchedulerFixture platform, List<SandboxSpec> specs) {
      for (SandboxSpec spec : specs) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  while (!stopping) {
                    if (platform.invoke(spec, SECOND, LogListener.NONE)
                        instanceof Outcome.Refused) {
                      refused.incrementAndGet();
                      LockSupport.parkNanos(PAUSE.toNanos());
                    }
                  }
                }));
      }
    }

    int refused() {
      return refused.get();
    }

    void stop() {
      stopping = true;
    }

    @Override
    public void close() {
      stopping = true;
      threads.forEach(Thread::interrupt);
    }
  }
}
