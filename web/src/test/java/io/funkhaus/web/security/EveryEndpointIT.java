package io.funkhaus.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What holds for each endpoint there is, also for those that are written tomorrow. */
class EveryEndpointIT {

  private static final Set<String> OPEN =
      Set.of(
          "GET /sign-in",
          "POST /sign-in",
          "POST /sign-in/12345",
          "GET /sign-up",
          "POST /sign-up",
          "GET /error",
          "POST /error",
          "PUT /error",
          "PATCH /error",
          "DELETE /error",
          "GET /api/v1/openapi.json");
  private static final Set<String> FOR_SCOPE_INVOKE =
      Set.of(
          "POST /api/v1/functions/12345/invocations",
          "GET /api/v1/whoami",
          "GET /api/v1/openapi.json");

  private final RunningService service = RunningService.shared();
  private final Workspace workspace = Workspace.signUp(service);
  private final HttpCaller stranger = HttpCaller.withoutCookieJar(service.url());

  @Test
  void there_are_endpoints_to_look_at() {
    assertThat(Endpoint.of(service))
        .contains(
            new Endpoint("POST", "/api/v1/keys"),
            new Endpoint("DELETE", "/api/v1/keys/12345"),
            new Endpoint("POST", "/sign-in"),
            new Endpoint("POST", "/sign-out"));
  }

  @TestFactory
  Stream<DynamicTest> without_a_csrf_token_nothing_is_changed_with_a_session() {
    HttpCaller browser = workspace.browser().with("X-CSRF-TOKEN", "");

    return each(
        unsafe(), endpoint -> assertThat(send(browser, endpoint).statusCode()).isEqualTo(403));
  }

  @TestFactory
  Stream<DynamicTest> with_the_csrf_token_of_somebody_else_nothing_is_changed() {
    Workspace other = Workspace.signUp(service);
    String token = other.browser().csrfToken("/functions");
    HttpCaller browser = workspace.browser().with("X-CSRF-TOKEN", token);

    return each(
        unsafe(), endpoint -> assertThat(send(browser, endpoint).statusCode()).isEqualTo(403));
  }

  @TestFactory
  Stream<DynamicTest> what_another_site_asks_for_is_refused_even_with_the_token() {
    HttpCaller byOrigin = workspace.browser().with("Origin", "https://evil.example");
    HttpCaller byOpaqueOrigin = workspace.browser().with("Origin", "null");
    HttpCaller byFetchMetadata = workspace.browser().with("Sec-Fetch-Site", "cross-site");

    return each(
        unsafe(),
        endpoint -> {
          assertThat(send(byOrigin, endpoint).statusCode()).isEqualTo(403);
          assertThat(send(byOpaqueOrigin, endpoint).statusCode()).isEqualTo(403);
          assertThat(send(byFetchMetadata, endpoint).statusCode()).isEqualTo(403);
        });
  }

  @TestFactory
  Stream<DynamicTest> strangers_are_sent_away() {
    return each(
        Endpoint.of(service).stream().filter(endpoint -> !OPEN.contains(endpoint.toString())),
        endpoint -> {
          HttpResponse<String> answer = send(stranger, endpoint);
          if (endpoint.isApi()) {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(Workspace.json(answer).get("code").asString()).isEqualTo("NotAuthenticated");
            return;
          }
          assertThat(answer.statusCode()).isEqualTo(303);
          assertThat(answer.headers().firstValue("Location").orElseThrow()).startsWith("/sign-in");
        });
  }

  @TestFactory
  Stream<DynamicTest> an_unknown_key_opens_nothing() {
    HttpCaller caller = stranger.with("Authorization", "Bearer " + unknownKey());

    return each(
        Endpoint.of(service).stream().filter(Endpoint::isApi),
        endpoint -> {
          HttpResponse<String> answer = send(caller, endpoint);
          assertThat(answer.statusCode()).isEqualTo(401);
          assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
              .startsWith("Bearer");
        });
  }

  @TestFactory
  Stream<DynamicTest> a_key_of_scope_invoke_opens_two_doors_only() {
    HttpCaller caller = workspace.browser().withKey(workspace.createKey("invoke"));

    return each(
        Endpoint.of(service).stream().filter(Endpoint::isApi),
        endpoint -> {
          HttpResponse<String> answer = send(caller, endpoint);
          if (FOR_SCOPE_INVOKE.contains(endpoint.toString())) {
            assertThat(answer.statusCode()).isNotIn(401, 403);
            return;
          }
          assertThat(answer.statusCode()).isEqualTo(403);
          assertThat(Workspace.json(answer).get("code").asString()).isEqualTo("ScopeTooNarrow");
        });
  }

  @TestFactory
  Stream<DynamicTest> what_does_not_exist_is_not_found_with_any_key_and_closed_without() {
    HttpCaller browser = workspace.browser();

    return Stream.of("GET /api/v1/function", "POST /api/v1/functions/12345/run", "GET /api/v2/keys")
        .map(line -> line.split(" ", 2))
        .map(words -> new Endpoint(words[0], words[1]))
        .map(nowhere ->
            DynamicTest.dynamicTest(
                nowhere.toString(),
                () -> {
                  for (String scope : List.of("invoke", "full")) {
                    HttpCaller caller = browser.withKey(workspace.createKey(scope));
                    HttpResponse<String> answer = send(caller, nowhere);
                    assertThat(answer.statusCode()).as(scope).isEqualTo(404);
                    assertThat(Workspace.json(answer).get("code").asString()).isEqualTo("NotFound");
                  }
                  assertThat(send(stranger, nowhere).statusCode()).isEqualTo(401);
                }));
  }

  @TestFactory
  Stream<DynamicTest> a_key_does_not_open_the_console() {
    HttpCaller caller = workspace.api();

    return each(
        Endpoint.of(service).stream()
            .filter(endpoint -> !endpoint.isApi() && !OPEN.contains(endpoint.toString())),
        endpoint -> assertThat(send(caller, endpoint).statusCode()).isEqualTo(303));
  }

  @TestFactory
  Stream<DynamicTest> each_answer_forbids_framing_sniffing_and_what_is_inline() {
    HttpCaller browser = workspace.browser();

    return each(
        Endpoint.of(service).stream().filter(endpoint -> !endpoint.isUnsafe()),
        endpoint -> {
          assertHardened(send(browser, endpoint));
          assertHardened(send(stranger, endpoint));
        });
  }

  @TestFactory
  Stream<DynamicTest> no_other_site_may_read_an_answer() {
    HttpCaller browser = workspace.browser().with("Origin", "https://evil.example");

    return each(
        Endpoint.of(service).stream(),
        endpoint -> {
          HttpResponse<String> answer = send(browser, endpoint);
          HttpResponse<String> preflight =
              browser
                  .with("Access-Control-Request-Method", endpoint.method())
                  .send("OPTIONS", endpoint.path(), BodyPublishers.noBody(), "");
          assertThat(answer.headers().map().keySet()).noneMatch(EveryEndpointIT::isCors);
          assertThat(preflight.headers().map().keySet()).noneMatch(EveryEndpointIT::isCors);
        });
  }

  @Test
  void trace_is_off() {
    for (String path : List.of("/", "/sign-in", "/api/v1/whoami")) {
      HttpResponse<String> answer =
          workspace.browser().send("TRACE", path, BodyPublishers.noBody(), "");

      assertThat(answer.statusCode()).as(path).isIn(400, 405);
      assertThat(answer.body()).doesNotContain("funkhaus-session");
    }
  }

  private Stream<Endpoint> unsafe() {
    return Endpoint.of(service).stream().filter(Endpoint::isUnsafe);
  }

  private static Stream<DynamicTest> each(Stream<Endpoint> endpoints, Check check) {
    return endpoints.map(
        endpoint -> DynamicTest.dynamicTest(endpoint.toString(), () -> check.on(endpoint)));
  }

  private interface Check {
    void on(Endpoint endpoint);
  }

  private static HttpResponse<String> send(HttpCaller caller, Endpoint endpoint) {
    return endpoint.isUnsafe()
        ? caller.send(
            endpoint.method(), endpoint.path(), BodyPublishers.ofString("{}"), "application/json")
        : caller.send(endpoint.method(), endpoint.path(), BodyPublishers.noBody(), "");
  }

  private static void assertHardened(HttpResponse<String> answer) {
    assertThat(header(answer, "Content-Security-Policy"))
        .matches("default-src '(self|none)';.*")
        .contains("frame-ancestors 'none'", "base-uri 'none'")
        .doesNotContain("unsafe-inline", "unsafe-eval", "http:", "https:", "*");
    assertThat(header(answer, "X-Frame-Options")).isEqualTo("DENY");
    assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(answer, "Referrer-Policy")).isEqualTo("same-origin");
    assertThat(header(answer, "Permissions-Policy")).contains("camera=()", "geolocation=()");
    assertThat(header(answer, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    assertThat(header(answer, "Cache-Control")).contains("no-store");
    assertThat(answer.headers().firstValue("Server")).isEmpty();
    assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer
        .headers()
        .firstValue(name)
        .orElseThrow(() ->
            new AssertionError("no " + name + " in " + answer.request().uri() + " " + answer));
  }

  private static boolean isCors(String header) {
    return header.toLowerCase(Locale.ROOT).startsWith("access-control-");
  }

  /** Has the form of a key, and its checksum fits. */
  private static String unknownKey() {
    return "fk_000000000000_" + "0".repeat(43) + "_1oaD0a";
  }
}
