package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.web.fixture.Containers;
import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.Load;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.ServiceProcess;
import io.funkhaus.web.fixture.Workspace;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service is killed, or told to stop, while it serves. */
class CrashIT {
  private static final int CALLERS = 8;
  private static final int ROUNDS = 3;
  private static final int MANY_CALLERS = 50;
  private static final Duration READY = Duration.ofSeconds(60);
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
    RunningService.deleteTree(java.nio.file.Path.of(variables.get("FUNKHAUS_DATA")));
  }

  @Test
  void what_was_answered_is_listed_after_kill_minus_nine_and_no_container_is_left() {
    long seed = System.nanoTime();
    System.out.println("CrashIT seed " + seed);
    Random random = new Random(seed);
    Set<String> answered = new HashSet<>();
    Set<String> killed = new HashSet<>();
    ServiceProcess service = ServiceProcess.started(variables);
    HttpCaller api = Workspace.signUp(service.url()).api();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        try (Load load = Load.start(api, "hello", CALLERS)) {
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .until(() -> load.answered().size() > CALLERS);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1_500)));
          service.kill();
          killed.addAll(epochs());
          load.stop();
          answered.addAll(load.answered());
          assertThat(load.broken()).isEqualTo(CALLERS);
        }
        service = ServiceProcess.started(variables);

        System.out.printf("CrashIT: ready %d ms after kill -9%n", service.startedIn().toMillis());
        assertThat(service.startedIn()).isLessThan(READY);
        assertThat(Load.listed(api, "succeeded")).containsAll(answered);
        assertNoneOf(killed);
      }
    } finally {
      service.close();
    }
    assertThat(killed).hasSize(ROUNDS);
    assertThat(answered.size()).isGreaterThan(ROUNDS * CALLERS);
  }

  @Test
  void a_sigterm_lets_what_was_accepted_end_and_leaves_nothing() throws Exception {
    ServiceProcess service = ServiceProcess.started(variables);
    HttpCaller api = Workspace.signUp(service.url()).api();
    api.post(
        "/api/v1/functions",
        """
        {"name":"slow","runtime":"nodejs22.x","timeout":10,"files":{"index.js":
         "exports.handler = () => new Promise(done => setTimeout(done, 2000, 'done'));"}}
        """);
    assertThat(MainJobIT.invoke(api, "slow", "{}")).isEqualTo("\"done\"");

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> accepted = callers.submit(() -> MainJobIT.invoke(api, "slow", "{}"));
      Awaitility.await()
          .atMost(SOON)
          .until(() -> service.metric("funkhaus_sandboxes{state=\"busy\"}") == 1);
      service.terminate();
      Awaitility.await().atMost(SOON).until(() -> refuses(service));

      assertThat(accepted.get(20, TimeUnit.SECONDS)).isEqualTo("\"done\"");
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
