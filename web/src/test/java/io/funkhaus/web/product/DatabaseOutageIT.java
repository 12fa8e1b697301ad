package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.Load;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.ServiceProcess;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * A PostgreSQL of its own (the locally built image that docker-compose.yml uses, too) is killed
 * under load, stays away, and comes back.
 */
class DatabaseOutageIT {
  private static final String IMAGE = "funkhaus/postgres:18";
  private static final String PASSWORD = "outage";

  @Test
  void the_service_is_not_ready_recovers_by_itself_and_has_lost_nothing_it_answered() {
    int port = ServiceProcess.freePort();
    try (GenericContainer<?> database = database(port)) {
      database.start();
      try (RunningService service =
          RunningService.start(
              Map.of(
                  "FUNKHAUS_DATABASE_URL",
                  "postgresql://funkhaus:" + PASSWORD + "@127.0.0.1:" + port + "/funkhaus"))) {
        HttpCaller management = HttpCaller.anonymous(service.managementUrl());
        Workspace workspace = Workspace.signUp(service);
        HttpCaller api = workspace.api();
        Set<String> answered;
        try (Load load = Load.start(api, "hello", 4)) {
          awaitAnswers(load, 50);
          assertThat(readiness(management)).isEqualTo(200);

          database.getDockerClient().killContainerCmd(database.getContainerId()).exec();

          Awaitility.await()
              .atMost(Duration.ofSeconds(45))
              .until(() -> readiness(management) == 503);
          assertThat(management.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
          HttpResponse<String> withSession = workspace.browser().get("/api/v1/functions");
          assertThat(withSession.statusCode()).isEqualTo(503);
          assertThat(Workspace.json(withSession).get("code").asString())
              .isEqualTo("DatabaseUnavailable");

          database.getDockerClient().startContainerCmd(database.getContainerId()).exec();

          Awaitility.await()
              .atMost(Duration.ofSeconds(90))
              .until(() -> readiness(management) == 200);
          awaitAnswers(load, load.answered().size() + 50);
          load.stop();
          answered = load.answered();
        }
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> assertThat(Load.listed(api, "succeeded")).containsAll(answered));
      }
    }
  }

  private static GenericContainer<?> database(int port) {
    return new GenericContainer<>(IMAGE)
        .withEnv("POSTGRES_USER", "funkhaus")
        .withEnv("POSTGRES_PASSWORD", PASSWORD)
        .withEnv("POSTGRES_DB", "funkhaus")
        .withLabel("funkhaus.test", "database-outage")
        .withCreateContainerCmdModifier(create ->
            create.withHostConfig(
                HostConfig.newHostConfig()
                    .withPortBindings(PortBinding.parse("127.0.0.1:" + port + ":5432"))))
        .waitingFor(
            Wait.forLogMessage(".*database system is ready to accept connections.*", 1)
                .withStartupTimeout(Duration.ofSeconds(60)));
  }

  private static void awaitAnswers(Load load, int count) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> load.answered().size() >= count);
  }

  private static int readiness(HttpCaller management) {
    return management.get("/actuator/health/readiness").statusCode();
  }
}
