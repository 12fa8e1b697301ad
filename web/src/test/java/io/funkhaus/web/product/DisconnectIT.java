package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Callers that hang up while their function runs, on real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DisconnectIT {
  private static final JsonMapper JSON = new JsonMapper();

  /** Shorter than the function sleeps. */
  private static final Duration NOTICED = Duration.ofSeconds(5);

  private static final int CROWD = 30;
  private static final Duration CROWD_GONE = Duration.ofSeconds(20);

  private RunningService service;
  private Workspace workspace;
  private HttpCaller api;

  @BeforeAll
  void signUp() {
    service = RunningService.shared();
    workspace = Workspace.signUp(service);
    api = workspace.api();
  }

  private void sleeper(String name, int millis, String onDisconnect) {
    HttpResponse<String> created =
        api.post(
            "/api/v1/functions",
            JSON.writeValueAsString(
                Map.of(
                    "name",
                    name,
                    "runtime",
                    "nodejs22.x",
                    "timeout",
                    60,
                    "onDisconnect",
                    onDisconnect,
                    "files",
                    Map.of(
                        "index.js",
                        "exports.handler = async e => e.quick ? 'quick'"
                            + " : new Promise(done => setTimeout(done, "
                            + millis
                            + ", 'slept'));"))));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(MainJobIT.invoke(api, name, "{\"quick\":true}")).isEqualTo("\"quick\"");
  }

  private Socket call(String name, String accept) throws IOException {
    Socket socket = send(name, accept);
    await().atMost(NOTICED).until(() -> running() == 1);
    return socket;
  }

  private Socket send(String name, String accept) throws IOException {
    Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), service.url().getPort());
    socket
        .getOutputStream()
        .write(
            """
            POST /api/v1/functions/%s/invocations HTTP/1.1\r
            Host: localhost\r
            Authorization: Bearer %s\r
            Accept: %s\r
            Content-Type: application/json\r
            Content-Length: 2\r
            \r
            {}\
            """
                .formatted(name, workspace.key(), accept)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private int running() {
    return Workspace.json(api.get("/api/v1/usage")).path("running").asInt();
  }

  /** The newest invocation, which is listed when it has ended. */
  private JsonNode newest(String name) {
    return Workspace.json(api.get("/api/v1/functions/" + name + "/invocations?limit=2"))
        .path("items");
  }

  @ParameterizedTest
  @CsvSource({
    "closed, application/json, -1",
    "reset, application/json, 0",
    "watched, text/event-stream, -1"
  })
  void a_function_that_wants_it_is_cancelled_when_its_caller_has_gone(
      String name, String accept, int linger) throws IOException {
    sleeper(name, 30_000, "cancel");
    Socket caller = call(name, accept);
    if (linger == 0) {
      caller.setSoLinger(true, 0);
    }

    caller.close();

    await().atMost(NOTICED).until(() -> newest(name).size() == 2);
    assertThat(newest(name).path(0).path("status").asString()).isEqualTo("cancelled");
    assertThat(running()).isZero();
    assertThat(MainJobIT.invoke(api, name, "{\"quick\":true}")).isEqualTo("\"quick\"");
  }

  @Test
  void a_crowd_that_hangs_up_leaves_nothing_that_runs_or_waits() throws IOException {
    sleeper("crowd", 50_000, "cancel");
    List<Socket> callers = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      callers.add(send("crowd", "application/json"));
    }
    await().atMost(CROWD_GONE).until(() -> running() >= 2);

    for (Socket caller : callers) {
      caller.close();
    }

    await().atMost(CROWD_GONE).until(() -> running() == 0);
    assertThat(MainJobIT.invoke(api, "crowd", "{\"quick\":true}")).isEqualTo("\"quick\"");
    assertThat(running()).isZero();
  }

  @Test
  void a_caller_that_stays_gets_its_answer() {
    sleeper("patient", 2_500, "cancel");

    assertThat(MainJobIT.invoke(api, "patient", "{}")).isEqualTo("\"slept\"");
  }

  @Test
  void any_other_function_runs_to_its_end_and_is_recorded() throws IOException {
    sleeper("finisher", 2_500, "finish");

    call("finisher", "application/json").close();

    await().atMost(Duration.ofSeconds(10)).until(() -> newest("finisher").size() == 2);
    assertThat(newest("finisher").path(0).path("status").asString()).isEqualTo("succeeded");
    assertThat(newest("finisher").path(0).path("runMillis").asDouble()).isGreaterThan(2_000);
  }
}
