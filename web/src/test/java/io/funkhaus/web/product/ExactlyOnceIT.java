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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Sandboxes, then PostgreSQL, then the service are killed while functions are called: whatever was
 * answered is listed once, and nothing is listed that was answered otherwise.
 */
class ExactlyOnceIT {
  private static final int CALLERS = 8;
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

      Load cut = Load.start(api, "hello", CALLERS);
      try (cut) {
        awaitAnswers(cut, CALLERS);
        service.kill();
        cut.stop();
      }
      service = ServiceProcess.started(variables);
      assertThat(Load.listed(api, "succeeded"))
          .containsAll(calm.answered())
          .containsAll(cut.answered())
          .as("of those cut off, each caller can have had one that had ended")
          .hasSizeLessThanOrEqualTo(calm.answered().size() + cut.answered().size() + CALLERS);
    } finally {
      service.close();
    }
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
