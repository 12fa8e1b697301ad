package io.funkhaus.scheduler.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Docker;
import io.funkhaus.scheduler.LogListener;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A tenant that computes in many sandboxes beside one that computes in one, on one machine. */
class NoisyNeighbourIT {
  private static final Duration SOON = Duration.ofSeconds(90);
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
    private volatile boolean stopping;

    /** One for each. */
    Callers(SchedulerFixture platform, List<SandboxSpec> specs) {
      for (SandboxSpec spec : specs) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  while (!stopping) {
                    platform.invoke(spec, SECOND, LogListener.NONE);
                  }
                }));
      }
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
