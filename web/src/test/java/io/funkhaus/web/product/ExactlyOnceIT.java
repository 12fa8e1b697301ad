package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.docker.DockerEngine;
import io.funkhaus.web.fixture.Containers;
import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.Load;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.ServiceProcess;
import io.funkhaus.web.fixture.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Sandboxes, then PostgreSQL, then the service are killed while functions are called: whatever was
 * answered is listed once, and nothing is listed that was answered otherwise.
 */
class ExactlyOnceIT {
  private static final int CALLERS = 8;
  private static final int SLOW_CALLERS = 3;
  private static final int KILLS = 5;
  private static final Duration SOON = Duration.ofSeconds(60);

  private Map<String, String> variables = Map.of();
  private String instance = "";

  @BeforeEach
  void freshInstallation() {
    variables = ServiceProcess.variables();
    instance = "once-" + ProcessHandle.current().pid() + "-" + variables.get("FUNKHAUS_PORT");
    variables.put("FUNKHAUS_INSTANCE", instance);
  }

  @AfterEach
  void deleteData() {
    RunningService.deleteTree(Path.of(variables.get("FUNKHAUS_DATA")));
  }

  @Test
  void what_was_answered_is_listed_exactly_once_whatever_was_killed() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("ExactlyOnceIT: run again with -Dseed=" + seed);
    Random random = new Random(seed);
    ServiceProcess service = ServiceProcess.started(variables);
    HttpCaller api = Workspace.signUp(service.url()).api();
    try {
      Load calm = Load.start(api, "hello", CALLERS);
      try (calm) {
        awaitAnswers(calm, CALLERS);
        for (int i = 0; i < KILLS; i++) {
          killSandbox(random);
          awaitAnswers(calm, 50);
        }
        killPostgres(service);
        awaitAnswers(calm, 50);
        Awaitility.await().atMost(SOON).until(service::isReady);
        awaitAnswers(calm, 50);
        calm.stop();
        System.out.println("ExactlyOnceIT: sandboxes and PostgreSQL: " + calm.statuses());
        assertThat(calm.broken()).isZero();
        assertThat(calm.statuses().keySet()).isSubsetOf(200, 502, 503);
      }
      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(Load.listed(api, "succeeded"))
                  .containsExactlyInAnyOrderElementsOf(calm.answered()));

      createSlow(api);
      Load cut = Load.start(api, "hello", CALLERS);
      Load waiting = Load.start(api, "slow", SLOW_CALLERS);
      try (cut;
          waiting) {
        awaitAnswers(cut, CALLERS);
        Awaitility.await().atMost(SOON).until(() -> running(api, "slow") == SLOW_CALLERS);
        service.kill();
        cut.stop();
        waiting.stop();
      }
      service = ServiceProcess.started(variables);
      assertCutOffIsListed(api, waiting, cut, calm);
      assertThat(Load.listed(api, "succeeded"))
          .containsAll(calm.answered())
          .containsAll(cut.answered())
          .as("of those cut off, each caller can have had one that had ended")
          .hasSizeLessThanOrEqualTo(calm.answered().size() + cut.answered().size() + CALLERS);
    } finally {
      service.close();
    }
  }

  private static void createSlow(HttpCaller api) {
    api.post(
        "/api/v1/functions",
        """
        {"name":"slow","runtime":"nodejs22.x","timeout":60,"files":{"index.js":
         "exports.handler = () => new Promise(done => setTimeout(done, 50000, 'done'));"}}
        """);
  }

  private static int running(HttpCaller api, String function) {
    int running = 0;
    for (JsonNode one :
        Workspace.json(api.get("/api/v1/functions/" + function + "/invocations")).get("underWay")) {
      running += one.get("status").asString().equals("running") ? 1 : 0;
    }
    return running;
  }

  /**
   * Whoever was cut off while a function ran finds it: as succeeded if it had, else interrupted.
   */
  private static void assertCutOffIsListed(HttpCaller api, Load waiting, Load cut, Load calm) {
    Set<String> interrupted = Load.listed(api, "interrupted");
    System.out.println("ExactlyOnceIT: interrupted " + interrupted.size());
    assertThat(waiting.broken()).isEqualTo(SLOW_CALLERS);
    JsonNode slow =
        Workspace.json(api.get("/api/v1/functions/slow/invocations?status=interrupted"))
            .get("items");
    assertThat(slow).as("calls of the slow function").hasSize(SLOW_CALLERS);
    assertThat(slow)
        .allSatisfy(one -> {
          assertThat(one.get("errorType").asString()).isEqualTo("ServiceInterrupted");
          assertThat(interrupted).contains(one.get("requestId").asString());
        });
    assertThat(interrupted)
        .as("those of each caller once, and none that was answered")
        .hasSizeLessThanOrEqualTo(SLOW_CALLERS + CALLERS)
        .doesNotContainAnyElementsOf(Load.listed(api, "succeeded"))
        .doesNotContainAnyElementsOf(cut.answered())
        .doesNotContainAnyElementsOf(calm.answered());
    assertThat(Workspace.json(api.get("/api/v1/invocations")).get("underWay")).isEmpty();
  }

  private static void awaitAnswers(Load load, int more) {
    int before = load.answered().size();
    Awaitility.await().atMost(SOON).until(() -> load.answered().size() >= before + more);
  }

  private void killSandbox(Random random) throws EngineException {
    List<ContainerListing> running =
        Containers.of(instance).stream().filter(ContainerListing::running).toList();
    if (!running.isEmpty()) {
      try (ContainerEngine engine = DockerEngine.at(Containers.HOST, SOON)) {
        engine.remove(running.get(random.nextInt(running.size())).container());
      }
    }
  }

  private static void killPostgres(ServiceProcess service) throws IOException {
    Path file = service.data().resolve("postgres/postmaster.pid");
    long server = Long.parseLong(Files.readAllLines(file).getFirst().strip());
    assertThat(ProcessHandle.of(server).map(ProcessHandle::destroyForcibly)).contains(true);
  }
}
