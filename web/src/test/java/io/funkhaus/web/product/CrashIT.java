package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.web.fixture.Containers;
import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.Load;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.ServiceProcess;
import io.funkhaus.web.fixture.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service is killed, or told to stop, while it serves. */
class CrashIT {
  private static final int CALLERS = 8;
  private static final int ROUNDS = 5;
  private static final int MANY_CALLERS = 50;

  /** 15 s with two processors to itself; as often shared with other work, and without a cache. */
  private static final Duration READY = Duration.ofSeconds(30);

  private static final Duration CLEARED = Duration.ofSeconds(5);

  private static final Duration AT_ONCE = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(30);

  private Map<String, String> variables = Map.of();
  private String instance = "";

  @BeforeEach
  void freshInstallation() {
    variables = ServiceProcess.variables();
    instance = "crash-" + ProcessHandle.current().pid() + "-" + variables.get("FUNKHAUS_PORT");
    variables.put("FUNKHAUS_INSTANCE", instance);
  }

  @AfterEach
  void deleteData() {
    RunningService.deleteTree(Path.of(variables.get("FUNKHAUS_DATA")));
  }

  @Test
  void what_was_answered_is_listed_after_kill_minus_nine_and_nothing_is_left() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("CrashIT: run again with -Dseed=" + seed + " and, for more, -Drounds=20");
    Random random = new Random(seed);
    int rounds = Integer.getInteger("rounds", ROUNDS);
    Set<String> answered = new HashSet<>();
    ServiceProcess service = ServiceProcess.started(variables);
    HttpCaller api = Workspace.signUp(service.url()).api();
    try {
      for (int round = 0; round < rounds; round++) {
        Left left;
        try (Load load = Load.start(api, "hello", MANY_CALLERS)) {
          Awaitility.await().atMost(SOON).until(() -> load.answered().size() > MANY_CALLERS);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(3_000)));
          service.kill();
          left = left(service);
          load.stop();
          answered.addAll(load.answered());
          assertThat(load.statuses().keySet()).isSubsetOf(200, 429);
          assertThat(load.broken()).isEqualTo(MANY_CALLERS);
        }
        assertThat(left.containers()).isNotEmpty();
        assertThat(left.directories()).isNotEmpty();

        service = ServiceProcess.started(variables);
        assertThat(service.startedIn()).isLessThan(READY);
        assertIsGone(left, service);
      }
      assertThat(Load.listed(api, "succeeded"))
          .containsAll(answered)
          .as("of those cut off, each caller can have had one that had ended")
          .hasSizeLessThanOrEqualTo(answered.size() + rounds * MANY_CALLERS);
    } finally {
      service.close();
    }
    assertThat(answered.size()).isGreaterThan(rounds * MANY_CALLERS);
  }

  /**
   * What a killed service leaves.
   *
   * @param directories of its sandboxes
   */
  private record Left(Set<String> containers, Set<Path> directories) {}

  private Left left(ServiceProcess killed) {
    try (Stream<Path> directories = Files.list(killed.data().resolve("sandboxes"))) {
      return new Left(
          Containers.of(instance).stream()
              .map(ContainerListing::container)
              .collect(Collectors.toSet()),
          directories.collect(Collectors.toSet()));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A started service has containers and directories of its own at once. */
  private void assertIsGone(Left left, ServiceProcess again) {
    long ready = System.nanoTime();
    Awaitility.await()
        .atMost(CLEARED)
        .untilAsserted(() -> {
          assertThat(Containers.of(instance))
              .extracting(ContainerListing::container)
              .doesNotContainAnyElementsOf(left.containers());
          assertThat(left.containers().stream().flatMap(each -> Containers.groups(each).stream()))
              .isEmpty();
          assertThat(left.directories()).noneMatch(Files::exists);
          assertThat(again.metric("funkhaus_journal_waiting_records")).isZero();
        });
    System.out.printf(
        "CrashIT: ready %d ms after kill -9, %d containers gone %d ms later%n",
        again.startedIn().toMillis(),
        left.containers().size(),
        Duration.ofNanos(System.nanoTime() - ready).toMillis());
  }

  @Test
  void a_sigterm_lets_what_was_accepted_end_and_tells_what_lasts_too_long() throws Exception {
    variables.put("FUNKHAUS_DRAIN", "8s");
    ServiceProcess service = ServiceProcess.started(variables);
    HttpCaller api = Workspace.signUp(service.url()).api();
    api.post(
        "/api/v1/functions",
        """
        {"name":"slow","runtime":"nodejs22.x","timeout":60,"files":{"index.js":
         "exports.handler = ({ms}) => new Promise(done => setTimeout(done, ms, 'done'));"}}
        """);

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> accepted =
          callers.submit(() -> MainJobIT.invoke(api, "slow", "{\"ms\":5000}"));
      Future<HttpResponse<String>> tooLong =
          callers.submit(() -> api.post("/api/v1/functions/slow/invocations", "{\"ms\":50000}"));
      Awaitility.await()
          .atMost(SOON)
          .until(() -> service.metric("funkhaus_sandboxes{state=\"busy\"}") == 2);
      service.terminate();
      Awaitility.await().atMost(AT_ONCE).until(() -> service.readiness() == 503);
      Awaitility.await().atMost(AT_ONCE).until(() -> refuses(service));
      assertThat(accepted).as("readiness told before the last call ended").isNotDone();

      assertThat(accepted.get(20, TimeUnit.SECONDS)).isEqualTo("\"done\"");
      HttpResponse<String> told = tooLong.get(20, TimeUnit.SECONDS);
      assertThat(told.statusCode()).isEqualTo(503);
      assertThat(Workspace.json(told).path("code").asString()).isEqualTo("InvocationCancelled");
      assertThat(Workspace.json(told).path("detail").asString()).contains("shutting down");
    }
    assertThat(service.exitStatus(Duration.ofSeconds(30))).isZero();
    assertThat(Containers.of(instance)).isEmpty();
    assertThat(service.data().resolve("postgres/postmaster.pid")).doesNotExist();
    service.close();
  }

  @Test
  void a_sigterm_under_load_answers_every_call_that_ran_and_leaves_nothing() {
    ServiceProcess service = ServiceProcess.started(variables);
    HttpCaller api = Workspace.signUp(service.url()).api();
    Set<String> answered;
    try (Load load = Load.start(api, "hello", MANY_CALLERS)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> load.answered().size() > 20 * MANY_CALLERS);
      long begin = System.nanoTime();
      service.terminate();
      assertThat(service.exitStatus(Duration.ofSeconds(30))).isZero();
      load.stop();
      answered = load.answered();
      System.out.printf(
          "CrashIT: ended %d ms after SIGTERM with %d callers, answers %s, broken off %d%n",
          Duration.ofNanos(System.nanoTime() - begin).toMillis(),
          MANY_CALLERS,
          load.statuses(),
          load.broken());
      assertThat(load.statuses().keySet()).isSubsetOf(200, 429, 503);
    }
    assertThat(Containers.of(instance)).isEmpty();
    assertThat(service.data().resolve("postgres/postmaster.pid")).doesNotExist();

    try (ServiceProcess again = ServiceProcess.started(variables)) {
      assertThat(again.isReady()).isTrue();
      assertThat(Load.listed(api, "succeeded")).isEqualTo(answered);
      assertThat(again.metric("funkhaus_invocations_interrupted_total")).isZero();
      Set<String> begun = Load.listed(api, "");
      begun.removeAll(Load.listed(api, "refused"));
      assertThat(begun)
          .as("a call that broke off had not been accepted: nothing else was begun")
          .isEqualTo(answered);
    }
  }

  @Test
  void a_second_sigterm_ends_it_at_once_and_the_next_start_clears_up() throws Exception {
    ServiceProcess service = ServiceProcess.started(variables);
    HttpCaller api = Workspace.signUp(service.url()).api();
    api.post(
        "/api/v1/functions",
        """
        {"name":"slow","runtime":"nodejs22.x","timeout":60,"files":{"index.js":
         "exports.handler = () => new Promise(done => setTimeout(done, 30000, 'done'));"}}
        """);
    CompletableFuture<?> caller =
        CompletableFuture.runAsync(
            () -> api.post("/api/v1/functions/slow/invocations", "{}"),
            task -> Thread.ofVirtual().start(task));
    Awaitility.await()
        .atMost(SOON)
        .until(() -> service.metric("funkhaus_sandboxes{state=\"busy\"}") == 1);
    try (Load load = Load.start(api, "hello", CALLERS)) {
      Awaitility.await().atMost(SOON).until(() -> load.answered().size() > CALLERS);
      service.terminate();
      Awaitility.await().atMost(SOON).until(() -> refuses(service));

      service.terminate();

      assertThat(service.exitStatus(Duration.ofSeconds(10))).isEqualTo(1);
    }
    assertThat(caller).failsWithin(SOON);
    Set<String> killed = epochs();
    assertThat(killed).hasSize(1);
    try (ServiceProcess again = ServiceProcess.started(variables)) {
      assertThat(again.isReady()).isTrue();
      assertNoneOf(killed);
    }
  }

  private static boolean refuses(ServiceProcess service) {
    try {
      HttpCaller.anonymous(service.url()).get("/sign-in");
      return false;
    } catch (HttpCaller.RequestFailed refused) {
      return true;
    }
  }

  /** A started service has containers of its own at once: those of other runs must go. */
  private void assertNoneOf(Set<String> killed) {
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(epochs()).doesNotContainAnyElementsOf(killed));
  }

  /** The runs of the service that containers are left of. */
  private Set<String> epochs() {
    return Containers.of(instance).stream()
        .map(container -> String.valueOf(container.labels().get(Labels.EPOCH)))
        .collect(Collectors.toSet());
  }
}
