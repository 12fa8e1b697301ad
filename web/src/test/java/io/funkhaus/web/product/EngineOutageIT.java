package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.Containers;
import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.SocketRelay;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The container engine goes away while the service runs, and comes back. */
class EngineOutageIT {
  private static final String INSTANCE = "outage-" + ProcessHandle.current().pid();
  private static final String COLD =
      "{\"name\":\"cold\",\"runtime\":\"nodejs22.x\",\"files\":{\"index.js\":"
          + "\"exports.handler = async () => 'cold';\"}}";

  @Test
  void warm_functions_go_on_cold_ones_are_refused_with_the_reason_and_all_recovers()
      throws Exception {
    Path directory = RunningService.temporaryDirectory();
    Path socket = directory.resolve("engine.sock");
    try (SocketRelay engine = SocketRelay.between(socket, Containers.HOST);
        RunningService service =
            RunningService.start(
                Map.of(
                    "DOCKER_HOST",
                    "unix://" + socket,
                    "FUNKHAUS_INSTANCE",
                    INSTANCE,
                    "FUNKHAUS_STEMS",
                    "0"))) {
      HttpCaller management = HttpCaller.anonymous(service.managementUrl());
      HttpCaller api = Workspace.signUp(service).api();
      assertThat(api.post("/api/v1/functions", COLD).statusCode()).isEqualTo(201);
      assertThat(MainJobIT.invoke(api, "hello", "{\"name\":\"Alice\"}"))
          .isEqualTo("\"Hello, Alice!\"");
      assertThat(readiness(management)).isEqualTo(200);

      engine.cut();

      assertThat(readiness(management)).isEqualTo(503);
      assertThat(management.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
      assertThat(MainJobIT.invoke(api, "hello", "{\"name\":\"Bob\"}")).isEqualTo("\"Hello, Bob!\"");
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> {
            HttpResponse<String> refused = api.post("/api/v1/functions/cold/invocations", "{}");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body()).contains("engine");
          });

      engine.mend();

      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> {
            assertThat(readiness(management)).isEqualTo(200);
            HttpResponse<String> answer = api.post("/api/v1/functions/cold/invocations", "{}");
            assertThat(answer.body()).isEqualTo("\"cold\"");
          });
    }
    RunningService.deleteTree(directory);
    assertThat(Containers.of(INSTANCE)).isEmpty();
  }

  private static int readiness(HttpCaller management) {
    return management.get("/actuator/health/readiness").statusCode();
  }
}
