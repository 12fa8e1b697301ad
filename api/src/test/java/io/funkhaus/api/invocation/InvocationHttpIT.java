package io.funkhaus.api.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.configuration.RuntimeName;
import io.funkhaus.api.function.draft.Functions;
import io.funkhaus.api.function.draft.NewFunction;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.Report;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    classes = InvocationFixture.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "spring.flyway.enabled=false")
class InvocationHttpIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @LocalServerPort private int port;
  @Autowired private JdbcClient jdbc;
  @Autowired private ScriptedInvoker invoker;
  @Autowired private Functions functions;

  private long tenant;

  @DynamicPropertySource
  static void data(DynamicPropertyRegistry registry) throws IOException {
    String data = InvocationFixture.journalParent().toString();
    registry.add("funkhaus.data", () -> data);
  }

  @BeforeEach
  void newTenantWithAFunction() throws Exception {
    invoker.answer(ScriptedInvoker::echo);
    tenant =
        jdbc.sql(
                "INSERT INTO tenants (account_id, name, created_at) VALUES (lpad((random() *"
                    + " 1e11)::bigint::text, 12, '1'), 't', now()) RETURNING id")
            .query(Long.class)
            .single();
    functions.create(
        InvocationFixture.caller(tenant + "/full"),
        NewFunction.sample(new FunctionName("hello"), new RuntimeName("nodejs22.x")));
  }

  @Test
  void a_call_as_curl_makes_it_returns_the_result_and_is_on_the_list_at_once() throws Exception {
    HttpResponse<String> answer =
        send(
            "POST",
            "/functions/hello/invocations",
            "invoke",
            "{\"name\":\"Alice\"}",
            "Content-Type",
            "application/x-www-form-urlencoded");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"name\":\"Alice\"}");
    assertThat(header(answer, "content-type")).isEqualTo("application/json");
    assertThat(header(answer, "x-funkhaus-version")).isEqualTo("$LATEST");
    assertThat(header(answer, "x-funkhaus-duration-millis")).isEqualTo("1.234");
    assertThat(header(answer, "x-funkhaus-cold-start")).isEqualTo("false");
    assertThat(header(answer, "server-timing"))
        .isEqualTo("queue;dur=0.1, init;dur=0.0, run;dur=1.234");

    JsonNode listed = json(get("/functions/hello/invocations")).get("items");
    assertThat(listed.size()).isEqualTo(1);
    assertThat(listed.get(0).get("requestId").asString()).isEqualTo(header(answer, "x-request-id"));
    assertThat(listed.get(0).get("status").asString()).isEqualTo("succeeded");
    assertThat(listed.get(0).get("key").get("name").asString()).isEqualTo("ci");
    assertThat(listed.get(0).get("trigger").asString()).isEqualTo("api");
  }

  @Test
  void one_invocation_has_payload_result_log_and_error() throws Exception {
    invoker.answer((spec, invocation) ->
        new Outcome.HandlerFailed(
            """
            {"errorType":"TypeError","errorMessage":"no","trace":["a","b"]}
            """
                .getBytes(StandardCharsets.UTF_8),
            Outcome.Phase.RUN,
            ScriptedInvoker.coldReport("a line\0 of log")));
    HttpResponse<String> answer = invoke("[1]");

    assertThat(answer.statusCode()).isEqualTo(502);
    JsonNode problem = json(answer);
    assertThat(problem.get("code").asString()).isEqualTo("FunctionFailed");
    assertThat(problem.get("functionError").get("trace").size()).isEqualTo(2);
    String id = problem.get("requestId").asString();

    JsonNode details = json(get("/invocations/" + id));
    assertThat(details.get("payload").asString()).isEqualTo("[1]");
    assertThat(details.get("result").isNull()).isTrue();
    assertThat(details.get("error").get("errorType").asString()).isEqualTo("TypeError");
    assertThat(details.get("coldStart").asBoolean()).isTrue();

    assertThat(get("/invocations/" + id + "/log").body())
        .isEqualTo(
            """
            START RequestId: ID Version: $LATEST
            a line of log
            END RequestId: ID
            REPORT RequestId: ID\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 9 MB\tInit Duration: 45.60 ms\t
            """
                .replace("ID", id)
                .replace("RequestId: ID", "RequestId: " + id));
  }

  @Test
  void every_ending_has_its_status_and_code() throws Exception {
    Report report = ScriptedInvoker.report("");
    record Case(Outcome outcome, int status, String code) {}
    byte[] error = "{}".getBytes(StandardCharsets.UTF_8);
    List<Case> cases =
        List.of(
            new Case(
                new Outcome.HandlerFailed(error, Outcome.Phase.INIT, report),
                502,
                "FunctionInitFailed"),
            new Case(
                new Outcome.HandlerFailed(error, Outcome.Phase.RUN, report), 502, "FunctionFailed"),
            new Case(new Outcome.TimedOut(Outcome.Phase.RUN, report), 504, "FunctionTimedOut"),
            new Case(
                new Outcome.OutOfMemory(Outcome.Phase.RUN, report), 502, "FunctionOutOfMemory"),
            new Case(new Outcome.Exited(127, Outcome.Phase.RUN, report), 502, "FunctionExited"),
            new Case(
                new Outcome.ResponseTooLarge(7_000_000, report), 502, "FunctionResponseTooLarge"),
            new Case(new Outcome.SandboxLost("killed from outside", report), 503, "SandboxLost"),
            new Case(new Outcome.Cancelled("shutting down", report), 503, "InvocationCancelled"),
            new Case(refused(Refusal.Limit.TENANT_CONCURRENCY), 429, "InvocationRefused"),
            new Case(refused(Refusal.Limit.ENGINE_UNAVAILABLE), 503, "InvocationRefused"));
    for (Case expected : cases) {
      invoker.answer((spec, invocation) -> expected.outcome());
      HttpResponse<String> answer = invoke("{}");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected.status());
      assertThat(json(answer).get("code").asString()).isEqualTo(expected.code());
    }
    assertThat(json(get("/functions/hello/invocations")).get("items").size())
        .isEqualTo(cases.size());
  }

  @Test
  void a_refusal_names_its_limit_and_when_to_come_back() throws Exception {
    invoker.answer((spec, invocation) -> refused(Refusal.Limit.FUNCTION_CONCURRENCY));

    HttpResponse<String> answer = invoke("{}");

    assertThat(header(answer, "retry-after")).isEqualTo("2");
    assertThat(json(answer).get("limit").asString()).isEqualTo("function_concurrency");
  }

  @Test
  void a_key_that_may_only_invoke_sees_no_stack_and_no_list() throws Exception {
    invoker.answer((spec, invocation) ->
        new Outcome.HandlerFailed(
            "{\"errorType\":\"E\",\"errorMessage\":\"m\",\"trace\":[\"secret\"]}"
                .getBytes(StandardCharsets.UTF_8),
            Outcome.Phase.RUN,
            ScriptedInvoker.report("")));

    HttpResponse<String> answer = send("POST", "/functions/hello/invocations", "invoke", "{}");

    assertThat(answer.body()).contains("\"errorType\":\"E\"").doesNotContain("secret");
    for (String path :
        List.of(
            "/functions/hello/invocations",
            "/invocations",
            "/invocations/" + json(answer).get("requestId").asString(),
            "/invocations/" + json(answer).get("requestId").asString() + "/log",
            "/functions/hello/metrics",
            "/metrics")) {
      assertThat(send("GET", path, "invoke", "").statusCode()).as(path).isEqualTo(403);
    }
  }

  @Test
  void nothing_is_seen_of_another_tenant() throws Exception {
    String id = header(invoke("{}"), "x-request-id");
    long owner = tenant;
    newTenantWithAFunction();

    assertThat(tenant).isNotEqualTo(owner);
    assertThat(get("/invocations/" + id).statusCode()).isEqualTo(404);
    assertThat(get("/invocations/" + id + "/log").statusCode()).isEqualTo(404);
    assertThat(json(get("/invocations")).get("items").size()).isZero();
    assertThat(json(get("/functions/hello/invocations")).get("items").size()).isZero();
    assertThat(json(get("/metrics")).get("totals").get("invocations").asLong()).isZero();
  }

  @Test
  void a_payload_that_is_not_json_is_refused_with_line_and_column() throws Exception {
    HttpResponse<String> answer = invoke("{\"a\":1,\n \"b\":}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("code").asString()).isEqualTo("InvalidPayload");
    assertThat(json(answer).get("line").asInt()).isEqualTo(2);
    assertThat(json(answer).get("column").asInt()).isEqualTo(6);
  }

  @Test
  void seven_megabytes_are_refused_and_the_largest_payload_is_not() throws Exception {
    assertThat(invoke("\"" + "x".repeat(6_291_555) + "\"").statusCode()).isEqualTo(413);
    assertThat(invoke("\"" + "x".repeat(6_291_554) + "\"").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8192, 8193, 300_000})
  void a_payload_arrives_whole_whether_or_not_its_size_is_announced(int size) throws Exception {
    String payload = "\"" + "x".repeat(size - 1) + "\"";
    BodyPublisher announced = BodyPublishers.ofString(payload);
    BodyPublisher unannounced = BodyPublishers.fromPublisher(announced);

    for (BodyPublisher body : List.of(announced, unannounced)) {
      HttpResponse<String> answer =
          CLIENT.send(
              request("POST", "/functions/hello/invocations", "invoke", "")
                  .method("POST", body)
                  .build(),
              BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(payload);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8192, 100_000})
  void a_payload_that_is_cut_off_is_refused_and_nothing_runs(int announced) throws Exception {
    AtomicInteger runs = new AtomicInteger();
    invoker.answer((spec, invocation) -> {
      runs.incrementAndGet();
      return ScriptedInvoker.echo(spec, invocation);
    });
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              """
              POST /api/v1/functions/hello/invocations HTTP/1.1\r
              Host: localhost\r
              X-Test-Caller: %d/invoke\r
              Content-Length: %d\r
              \r
              123\
              """
                  .formatted(tenant, announced)
                  .getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer)
          .startsWith("HTTP/1.1 400")
          .contains("Content-Type: application/problem+json", "\"code\":\"PayloadIncomplete\"")
          .contains("after 3 of the " + announced + " bytes that Content-Length announced");
    }
    assertThat(runs).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/invocations?q=%00",
        "/invocations?version=%00",
        "/invocations?version=one",
        "/invocations?from=%2B1000000000-01-01T00:00:00Z",
        "/invocations?to=-1000000000-01-01T00:00:00Z",
        "/metrics?version=%00",
        "/functions/hello/metrics?version=%00"
      })
  void what_the_database_cannot_take_is_refused_before_it(String query) throws Exception {
    HttpResponse<String> answer = get(query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("code").asString()).isEqualTo("InvalidParameter");
  }

  @Test
  void a_missing_function_version_or_alias_is_named() throws Exception {
    assertThat(code(send("POST", "/functions/nope/invocations", "full", "")))
        .isEqualTo("FunctionNotFound");
    assertThat(code(send("POST", "/functions/hello/invocations?qualifier=7", "full", "")))
        .isEqualTo("VersionNotFound");
    assertThat(code(send("POST", "/functions/hello/invocations?qualifier=live", "full", "")))
        .isEqualTo("AliasNotFound");
  }

  @Test
  void a_watched_invocation_shows_its_log_while_it_runs_and_ends_with_everything()
      throws Exception {
    byte[] euro = "€ uro\n".getBytes(StandardCharsets.UTF_8);
    java.util.concurrent.CountDownLatch seen = new java.util.concurrent.CountDownLatch(1);
    invoker.answer((spec, invocation) -> {
      invocation.logListener().onLog(euro, 0, 2);
      invocation.logListener().onLog(euro, 2, euro.length - 2);
      await(seen);
      return new Outcome.Succeeded(
          "42".getBytes(StandardCharsets.UTF_8), ScriptedInvoker.report("€ uro\n"));
    });
    HttpResponse<java.util.stream.Stream<String>> answer =
        CLIENT.send(
            request("POST", "/functions/hello/invocations", "user", "{}")
                .header("Accept", "text/event-stream")
                .build(),
            BodyHandlers.ofLines());
    StringBuilder events = new StringBuilder();
    answer
        .body()
        .forEach(line -> {
          events.append(line).append('\n');
          if (line.contains("uro")) {
            seen.countDown();
          }
        });

    assertThat(header(answer, "content-type")).startsWith("text/event-stream");
    assertThat(events.toString()).contains("event: log\n").contains("event: end\n");
    assertThat(events.toString()).doesNotContain("\uFFFD");
    String end = events.substring(events.indexOf("event: end\ndata: ") + 17);
    JsonNode details = JSON.readTree(end.lines().findFirst().orElseThrow());
    assertThat(details.get("result").asString()).isEqualTo("42");
    assertThat(details.get("trigger").asString()).isEqualTo("console");
    assertThat(details.get("log").asString()).contains("€ uro\nEND RequestId: ");
  }

  @Test
  void an_invocation_that_has_not_ended_says_what_it_waits_for_and_then_that_it_runs()
      throws Exception {
    java.util.concurrent.CountDownLatch asked = new java.util.concurrent.CountDownLatch(1);
    invoker.waiting.set(
        new io.funkhaus.scheduler.Waiting(
            io.funkhaus.scheduler.Waiting.Reason.TENANT_CONCURRENCY,
            "workspace limit 10 of 10 running",
            3,
            Duration.ofMillis(700)));
    invoker.answer((spec, invocation) -> {
      await(asked);
      return ScriptedInvoker.echo(spec, invocation);
    });
    var call =
        CLIENT.sendAsync(
            request("POST", "/functions/hello/invocations", "full", "[7]").build(),
            BodyHandlers.ofString());
    String id;
    try {
      org.awaitility.Awaitility.await()
          .until(() -> json(get("/functions/hello/invocations")).get("underWay").size() == 1);
      JsonNode listed = json(get("/invocations?function=hello")).get("underWay").get(0);
      id = listed.get("requestId").asString();
      assertThat(listed.get("status").asString()).isEqualTo("waiting");
      assertThat(listed.get("queueMillis").asDouble()).isEqualTo(700);
      assertThat(json(get("/invocations?status=failed")).get("underWay").size()).isZero();
      assertThat(json(get("/invocations?version=1")).get("underWay").size()).isZero();
      assertThat(json(get("/invocations?q=" + id.substring(0, 13))).get("underWay").size())
          .isEqualTo(1);

      JsonNode details = json(get("/invocations/" + id));
      assertThat(details.get("payload").asString()).isEqualTo("[7]");
      assertThat(details.get("result").isNull()).isTrue();
      assertThat(details.get("waiting").get("message").asString())
          .isEqualTo("workspace limit 10 of 10 running");
      assertThat(details.get("waiting").get("position").asInt()).isEqualTo(3);

      invoker.waiting.set(null);
      assertThat(json(get("/invocations/" + id)).get("status").asString()).isEqualTo("running");
      assertThat(json(get("/invocations/" + id)).has("waiting")).isFalse();
      assertThat(get("/invocations/" + id + "/log").statusCode()).isEqualTo(409);

      long mine = tenant;
      tenant = mine + 1_000_000;
      assertThat(get("/invocations/" + id).statusCode()).isEqualTo(404);
      assertThat(json(get("/invocations")).get("underWay").size()).isZero();
      tenant = mine;
    } finally {
      invoker.waiting.set(null);
      asked.countDown();
    }
    assertThat(call.get(30, java.util.concurrent.TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(json(get("/invocations/" + id)).get("status").asString()).isEqualTo("succeeded");
    org.awaitility.Awaitility.await()
        .until(() -> json(get("/functions/hello/invocations")).get("underWay").isEmpty());
  }

  @Test
  void a_watcher_is_told_what_the_run_waits_for_and_when_it_begins() throws Exception {
    java.util.concurrent.CountDownLatch seen = new java.util.concurrent.CountDownLatch(1);
    invoker.waiting.set(
        new io.funkhaus.scheduler.Waiting(
            io.funkhaus.scheduler.Waiting.Reason.TENANT_CONCURRENCY,
            "workspace limit 10 of 10",
            3,
            java.time.Duration.ofMillis(700)));
    invoker.answer((spec, invocation) -> {
      await(seen);
      return ScriptedInvoker.echo(spec, invocation);
    });
    HttpResponse<java.util.stream.Stream<String>> answer =
        CLIENT.send(
            request("POST", "/functions/hello/invocations", "user", "{}")
                .header("Accept", "text/event-stream")
                .build(),
            BodyHandlers.ofLines());
    StringBuilder events = new StringBuilder();
    answer
        .body()
        .forEach(line -> {
          events.append(line).append('\n');
          if (line.contains("workspace limit")) {
            invoker.waiting.set(null);
          }
          if (line.equals("event: running")) {
            seen.countDown();
          }
        });

    assertThat(events.toString())
        .containsSubsequence("event: waiting\ndata: ", "event: running\n", "event: end\n");
    assertThat(events.toString())
        .contains(
            "{\"reason\":\"tenant_concurrency\",\"message\":\"workspace limit 10 of"
                + " 10\",\"position\":3}");
  }

  @Test
  void a_function_whose_watcher_went_away_still_ends_and_is_recorded() throws Exception {
    java.util.concurrent.CountDownLatch gone = new java.util.concurrent.CountDownLatch(1);
    invoker.answer((spec, invocation) -> {
      invocation.logListener().onLog(new byte[] {'x', '\n'}, 0, 2);
      await(gone);
      return ScriptedInvoker.echo(spec, invocation);
    });
    HttpResponse<java.io.InputStream> answer =
        CLIENT.send(
            request("POST", "/functions/hello/invocations", "user", "{}")
                .header("Accept", "text/event-stream")
                .build(),
            BodyHandlers.ofInputStream());
    answer.body().close();
    gone.countDown();

    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(json(get("/functions/hello/invocations")).get("items").size()).isEqualTo(1));
  }

  @Test
  void metrics_count_what_ran() throws Exception {
    for (int i = 0; i < 7; i++) {
      invoke("{}");
    }
    invoker.answer((spec, invocation) -> refused(Refusal.Limit.QUEUE_LENGTH));
    invoke("{}");

    JsonNode metrics = json(get("/functions/hello/metrics?step=1m"));

    assertThat(metrics.get("totals").get("invocations").asLong()).isEqualTo(7);
    assertThat(metrics.get("totals").get("refused").asLong()).isEqualTo(1);
    assertThat(metrics.get("totals").get("p50Millis").asDouble()).isBetween(1.32, 1.35);
    assertThat(metrics.get("points").size()).isBetween(60, 61);
    assertThat(metrics.get("points").get(0).get("p50Millis").isNull()).isTrue();
  }

  private static void await(java.util.concurrent.CountDownLatch latch) {
    try {
      assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Outcome refused(Refusal.Limit limit) {
    return new Outcome.Refused(new Refusal(limit, "too many", Duration.ofMillis(1_500)));
  }

  private HttpResponse<String> invoke(String payload) throws Exception {
    return send("POST", "/functions/hello/invocations", "full", payload);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, "full", "");
  }

  private HttpResponse<String> send(
      String method, String path, String as, String body, String... headers) throws Exception {
    HttpRequest.Builder request = request(method, path, as, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String method, String path, String as, String body) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1" + path))
        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .timeout(Duration.ofSeconds(30))
        .header("X-Test-Caller", tenant + "/" + as);
  }

  private static String code(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(404);
    return json(answer).get("code").asString();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("(none)");
  }
}
