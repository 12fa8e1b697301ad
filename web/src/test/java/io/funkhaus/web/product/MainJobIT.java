package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the product is for, over HTTP, on a real database and real containers. */
class MainJobIT {
  private final RunningService service = RunningService.shared();

  @Test
  void from_sign_up_to_metrics() {
    Workspace workspace = Workspace.signUp(service);
    HttpCaller api = workspace.api();

    HttpResponse<String> answer =
        api.post("/api/v1/functions/hello/invocations", "{\"name\":\"Alice\"}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("\"Hello, Alice!\"");
    String requestId = answer.headers().firstValue("X-Request-Id").orElseThrow();

    JsonNode listed =
        Workspace.json(api.get("/api/v1/functions/hello/invocations")).get("items").get(0);
    assertThat(listed.get("requestId").asString()).isEqualTo(requestId);
    assertThat(listed.get("status").asString()).isEqualTo("succeeded");
    assertThat(listed.get("coldStart").asBoolean()).isTrue();

    String log = api.get("/api/v1/invocations/" + requestId + "/log").body();
    assertThat(log)
        .startsWith("START RequestId: " + requestId)
        .contains("END RequestId: " + requestId)
        .contains("REPORT RequestId: " + requestId);

    JsonNode totals =
        Workspace.json(api.get("/api/v1/functions/hello/metrics?step=1m")).get("totals");
    assertThat(totals.get("invocations").asInt()).isEqualTo(1);
    assertThat(totals.get("errors").asInt()).isZero();
    assertThat(totals.get("coldStarts").asInt()).isEqualTo(1);
  }

  @Test
  void a_new_function_is_saved_called_published_and_called_by_alias() {
    HttpCaller api = Workspace.signUp(service).api();
    HttpResponse<String> created =
        api.post(
            "/api/v1/functions",
            """
            {"name":"sum","runtime":"python3.11",
             "files":{"index.py":"def handler(event, context):\\n    return event['a'] + event['b']\\n"}}
            """);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);

    assertThat(invoke(api, "sum", "{\"a\":20,\"b\":22}")).isEqualTo("42");
    assertThat(api.post("/api/v1/functions/sum/versions", "{}").statusCode()).isEqualTo(201);
    assertThat(
            api.post("/api/v1/functions/sum/aliases", "{\"name\":\"live\",\"version\":1}")
                .statusCode())
        .isEqualTo(201);
    HttpResponse<String> saved =
        api.with("If-Match", etag(api, "/api/v1/functions/sum"))
            .put(
                "/api/v1/functions/sum/code",
                "{\"files\":{\"index.py\":\"def handler(event, context):\\n    return 'draft'\\n\"}}");
    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(200);

    assertThat(invoke(api, "sum", "{}")).isEqualTo("\"draft\"");
    assertThat(invoke(api, "sum", "{\"a\":1,\"b\":2}", "?qualifier=live")).isEqualTo("3");
  }

  @Test
  void another_tenants_function_does_not_exist() {
    HttpCaller stranger = Workspace.signUp(service).api();
    HttpCaller owner = Workspace.signUp(service).api();
    owner.post("/api/v1/functions", "{\"name\":\"mine\",\"runtime\":\"nodejs22.x\"}");

    assertThat(stranger.get("/api/v1/functions/mine").statusCode()).isEqualTo(404);
    assertThat(stranger.post("/api/v1/functions/mine/invocations", "{}").statusCode())
        .isEqualTo(404);
    assertThat(owner.get("/api/v1/functions/mine").statusCode()).isEqualTo(200);
  }

  static String invoke(HttpCaller api, String function, String payload) {
    return invoke(api, function, payload, "");
  }

  private static String invoke(HttpCaller api, String function, String payload, String query) {
    HttpResponse<String> answer =
        api.post("/api/v1/functions/" + function + "/invocations" + query, payload);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static String etag(HttpCaller api, String path) {
    return api.get(path).headers().firstValue("ETag").orElseThrow();
  }
}
