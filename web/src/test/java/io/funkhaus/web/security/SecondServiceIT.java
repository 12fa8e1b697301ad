package io.funkhaus.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Two services on one database; the second is published under https. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecondServiceIT {

  private static final String PUBLIC_URL = "https://functions.example.org";

  private final RunningService first = RunningService.shared();
  private RunningService second = first;

  @BeforeAll
  void startSecond() {
    JdbcConnectionDetails database = first.bean(JdbcConnectionDetails.class);
    URI jdbc = URI.create(database.getJdbcUrl().substring("jdbc:".length()));
    String url =
        "postgresql://%s:%s@%s:%d%s"
            .formatted(
                encoded(database.getUsername()),
                encoded(database.getPassword()),
                jdbc.getHost(),
                jdbc.getPort(),
                jdbc.getPath());
    second =
        RunningService.start(
            Map.of("FUNKHAUS_DATABASE_URL", url, "FUNKHAUS_PUBLIC_URL", PUBLIC_URL));
  }

  @AfterAll
  void stopSecond() {
    second.close();
  }

  @Test
  void a_key_revoked_at_one_service_is_refused_by_the_other_within_five_seconds() {
    Workspace workspace = Workspace.signUp(first);
    HttpCaller here = HttpCaller.anonymous(first.url()).withKey(workspace.createKey("full"));
    String leaked = workspace.createKey("invoke");
    String id = leaked.substring(3, 15);
    HttpCaller there = HttpCaller.anonymous(second.url()).withKey(leaked);
    assertThat(there.get("/api/v1/whoami").statusCode()).isEqualTo(200);

    assertThat(here.delete("/api/v1/keys/" + id).statusCode()).isEqualTo(204);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(there.get("/api/v1/whoami").statusCode()).isEqualTo(401));
  }

  @Test
  void under_https_cookies_are_secure_and_bound_to_the_host_and_browsers_stay_with_https() {
    HttpResponse<String> answer = HttpCaller.withoutCookieJar(second.url()).get("/sign-in");

    assertThat(answer.headers().allValues("Set-Cookie"))
        .hasSize(1)
        .allSatisfy(cookie ->
            assertThat(cookie)
                .startsWith("__Host-funkhaus-csrf=")
                .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax")
                .doesNotContain("Domain"));
    assertThat(answer.headers().firstValue("Strict-Transport-Security").orElseThrow())
        .startsWith("max-age=31536000");
  }

  @Test
  void under_https_the_session_cookie_is_secure_and_bound_to_the_host() {
    Workspace workspace = Workspace.signUp(first);
    HttpCaller client = HttpCaller.withoutCookieJar(second.url());
    String cookie =
        client.get("/sign-in").headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    HttpCaller browser = client.with("Cookie", cookie).with("Origin", PUBLIC_URL);

    HttpResponse<String> answer =
        browser.submit(
            "/sign-in",
            Map.of(
                "email", workspace.email(),
                "password", workspace.password(),
                "_csrf", browser.csrfToken("/sign-in")));

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().allValues("Set-Cookie"))
        .anySatisfy(set ->
            assertThat(set)
                .startsWith("__Host-funkhaus-session=")
                .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax")
                .doesNotContain("Domain"));
  }

  private static String encoded(@Nullable String text) {
    return URLEncoder.encode(Objects.requireNonNull(text), StandardCharsets.UTF_8);
  }
}
