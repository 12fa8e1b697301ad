package io.funkhaus.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.api.ApiEndpoints.Endpoint;
import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every call of the API, by everybody who must not: ids of one tenant, replayed by another; a key
 * that may only invoke; nobody. The calls are enumerated from the running service, so that a new
 * one is covered on the day it appears.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantMatrixIT {
  private static final String CANARY = "canary-of-tenant-a";
  private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z]+)}");
  private static final Set<String> FOR_INVOKE_KEYS =
      Set.of("POST /api/v1/functions/{name}/invocations", "GET /api/v1/whoami");

  /** Bodies that are right but for who sends them; what is not here gets an empty object. */
  private static final Map<String, String> BODIES =
      Map.of(
          "POST /api/v1/functions", "{\"name\":\"other\",\"runtime\":\"nodejs22.x\"}",
          "PUT /api/v1/functions/{name}/provisioned-concurrency/{qualifier}", "{\"wanted\":1}",
          "PUT /api/v1/functions/{name}/code", "{\"files\":{\"index.js\":\"1\"}}",
          "POST /api/v1/functions/{name}/aliases", "{\"name\":\"stolen\",\"version\":1}",
          "PUT /api/v1/functions/{name}/aliases/{alias}", "{\"version\":1}",
          "PUT /api/v1/functions/{name}/test-events/{event}", "{\"event\":\"{}\"}",
          "POST /api/v1/keys", "{\"name\":\"other\",\"scope\":\"invoke\"}",
          "PATCH /api/v1/keys/{id}", "{\"name\":\"renamed\"}");

  private RunningService service;
  private List<Endpoint> endpoints;
  private Workspace owner;
  private Workspace stranger;
  private Map<String, String> ids;

  @BeforeAll
  void aTenantWithOneOfEverything() {
    service = RunningService.shared();
    endpoints = ApiEndpoints.of(service);
    owner = Workspace.signUp(service);
    stranger = Workspace.signUp(service);
    HttpCaller api = owner.api();
    String function = "/api/v1/functions/" + CANARY;
    made(
        api.post(
            "/api/v1/functions",
            "{\"name\":\""
                + CANARY
                + "\",\"runtime\":\"nodejs22.x\",\"description\":\""
                + CANARY
                + "\",\"environment\":{\"SECRET\":\""
                + CANARY
                + "\"}}"));
    made(api.post(function + "/versions", "{\"note\":\"" + CANARY + "\"}"));
    made(api.post(function + "/aliases", "{\"name\":\"" + CANARY + "\",\"version\":1}"));
    made(api.put(function + "/provisioned-concurrency/" + CANARY, "{\"wanted\":1}"));
    made(api.put(function + "/test-events/" + CANARY, "{\"event\":\"\\\"" + CANARY + "\\\"\"}"));
    HttpResponse<String> invoked = made(api.post(function + "/invocations", "\"" + CANARY + "\""));
    String requestId = invoked.headers().firstValue("X-Request-Id").orElseThrow();
    String key =
        Workspace.json(api.get("/api/v1/keys")).path("items").path(0).path("id").asString();
    ids =
        Map.of(
            "name", CANARY,
            "number", "1",
            "alias", CANARY,
            "qualifier", CANARY,
            "event", CANARY,
            "requestId", requestId,
            "id", key);
  }

  @Test
  void the_calls_of_the_api_are_all_found() {
    assertThat(endpoints).extracting(Endpoint::call).contains("GET /api/v1/functions/{name}");
    assertThat(endpoints).hasSizeGreaterThan(30);
  }

  @Test
  void nobody_gets_nothing() {
    HttpCaller anonymous = HttpCaller.anonymous(service.url());
    List<String> wrong = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      HttpResponse<String> answer = call(anonymous, endpoint);
      // Without a key a call that changes something lacks a CSRF token before it lacks a session.
      boolean refused =
          answer.statusCode() == 401
              || (answer.statusCode() == 403 && !endpoint.method().equals("GET"));
      if (!refused || answer.body().contains(CANARY)) {
        wrong.add(endpoint.call() + " answered " + answer.statusCode());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void a_key_that_may_only_invoke_does_nothing_else() {
    HttpCaller invoker = owner.browser().withKey(owner.createKey("invoke"));
    List<String> wrong = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      HttpResponse<String> answer = call(invoker, endpoint);
      boolean allowed = FOR_INVOKE_KEYS.contains(endpoint.call());
      boolean right =
          allowed
              ? answer.statusCode() == 200
              : answer.statusCode() == 403 && !answer.body().contains(CANARY);
      if (!right) {
        wrong.add(endpoint.call() + " answered " + answer.statusCode());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void what_belongs_to_another_tenant_does_not_exist() {
    List<String> wrong = new ArrayList<>();
    for (HttpCaller other : List.of(stranger.api(), stranger.browser())) {
      for (Endpoint endpoint : endpoints) {
        HttpResponse<String> answer = call(other, endpoint);
        if (endpoint.namesSomething() && answer.statusCode() != 404) {
          wrong.add(endpoint.call() + " answered " + answer.statusCode() + " " + answer.body());
        }
        // A caller's own words may come back in a refusal; nothing of the tenant's may.
        if (answer.statusCode() < 400 && answer.body().contains(CANARY)) {
          wrong.add(endpoint.call() + " leaks: " + answer.body());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(owner.api().get("/api/v1/functions/" + CANARY).statusCode()).isEqualTo(200);
    assertThat(owner.api().get("/api/v1/whoami").statusCode()).isEqualTo(200);
  }

  @Test
  void the_owner_reaches_all_that_can_be_read() {
    List<String> wrong = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.method().equals("GET")) {
        int status = call(owner.api(), endpoint).statusCode();
        if (status != 200) {
          wrong.add(endpoint.call() + " answered " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private HttpResponse<String> call(HttpCaller caller, Endpoint endpoint) {
    boolean withBody = !Set.of("GET", "DELETE").contains(endpoint.method());
    BodyPublisher body =
        withBody
            ? BodyPublishers.ofString(BODIES.getOrDefault(endpoint.call(), "{}"))
            : BodyPublishers.noBody();
    String type = endpoint.takesZipOnly() ? "application/zip" : "application/json";
    return caller
        .with("If-Match", "*")
        .send(endpoint.method(), concrete(endpoint.path()), body, withBody ? type : "");
  }

  private String concrete(String path) {
    return VARIABLE
        .matcher(path)
        .replaceAll(variable -> {
          String id = ids.get(variable.group(1));
          assertThat(id)
              .as("an id of the tenant for " + variable.group() + " of " + path)
              .isNotNull();
          return Matcher.quoteReplacement(String.valueOf(id));
        });
  }

  private static HttpResponse<String> made(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    return answer;
  }
}
