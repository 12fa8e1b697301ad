package io.funkhaus.web.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a session of the console is, and when it ends. Cookies are handled by hand. */
class SessionsIT {

  private final RunningService service = RunningService.shared();
  private final JdbcClient database = service.bean(JdbcClient.class);
  private final HttpCaller client = HttpCaller.withoutCookieJar(service.url());

  private final Workspace workspace = Workspace.signUp(service);
  private String session = "";

  @BeforeEach
  void signIn() {
    session = signIn("");
  }

  @Test
  void the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    HttpResponse<String> answer = submitSignIn("");

    assertThat(setCookie(answer, "funkhaus-session"))
        .contains("; Path=/", "; HttpOnly", "; SameSite=Lax")
        .doesNotContain("Domain");
    assertThat(setCookie(client.get("/sign-in"), "funkhaus-csrf"))
        .contains("; Path=/", "; HttpOnly", "; SameSite=Lax");
  }

  @Test
  void strangers_have_no_session() {
    int before = sessions();

    HttpResponse<String> answer = client.get("/sign-in");

    assertThat(answer.headers().allValues("Set-Cookie"))
        .noneMatch(cookie -> cookie.startsWith("funkhaus-session"));
    assertThat(sessions()).isEqualTo(before);
  }

  @Test
  void a_session_id_planted_before_signing_in_is_worth_nothing_after_it() {
    String planted = cookieValue(UUID.randomUUID().toString());

    String given = signIn(planted);

    assertThat(given).isNotEqualTo(planted);
    assertThat(statusWith(planted)).isEqualTo(401);
    assertThat(statusWith(given)).isEqualTo(200);
  }

  @Test
  void signing_in_again_ends_the_session_before() {
    String second = signIn(session);

    assertThat(second).isNotEqualTo(session);
    assertThat(statusWith(session)).isEqualTo(401);
    assertThat(statusWith(second)).isEqualTo(200);
  }

  @Test
  void signing_out_ends_the_session_in_the_database() {
    assertThat(rowsOf(session)).isEqualTo(1);
    HttpCaller browser = client.with("Cookie", "funkhaus-session=" + session);

    HttpResponse<String> answer =
        browser.submit("/sign-out", Map.of("_csrf", browser.csrfToken("/functions")));

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(rowsOf(session)).isZero();
    assertThat(statusWith(session)).isEqualTo(401);
    assertThat(client.get("/sign-in?signed-out").body()).contains("You are signed out.");
  }

  @Test
  void signing_out_needs_a_token() {
    HttpCaller browser = client.with("Cookie", "funkhaus-session=" + session);

    assertThat(browser.submit("/sign-out", Map.of()).statusCode()).isEqualTo(403);
    assertThat(statusWith(session)).isEqualTo(200);
  }

  @Test
  void a_user_who_is_disabled_is_out_at_once() {
    database
        .sql("UPDATE users SET disabled_at = now() WHERE email = :email")
        .param("email", workspace.email())
        .update();

    assertThat(statusWith(session)).isEqualTo(401);
    assertThat(submitSignIn("").statusCode()).isEqualTo(401);
  }

  @Test
  void a_user_who_no_longer_belongs_to_the_workspace_is_out_at_once() {
    database
        .sql("DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email = :email)")
        .param("email", workspace.email())
        .update();

    assertThat(statusWith(session)).isEqualTo(401);
    assertThat(submitSignIn("").statusCode()).isEqualTo(403);
  }

  @Test
  void a_session_ends_after_half_an_hour_without_a_request() {
    passTime("last_access_time", Duration.ofMinutes(31));
    passTime("expiry_time", Duration.ofMinutes(31));

    assertThat(statusWith(session)).isEqualTo(401);
  }

  @Test
  void a_session_still_lives_after_29_minutes_without_a_request() {
    passTime("last_access_time", Duration.ofMinutes(29));
    passTime("expiry_time", Duration.ofMinutes(29));

    assertThat(statusWith(session)).isEqualTo(200);
  }

  @Test
  void a_session_ends_after_twelve_hours_however_busy_it_is() {
    passTime("creation_time", Duration.ofHours(12).minusMinutes(1));
    assertThat(statusWith(session)).isEqualTo(200);

    passTime("creation_time", Duration.ofMinutes(2));

    assertThat(statusWith(session)).isEqualTo(401);
    assertThat(rowsOf(session)).isZero();
  }

  @Test
  void a_session_holds_nothing_but_two_ids_and_a_token() {
    List<@Nullable String> attributes =
        database
            .sql(
                """
                SELECT a.attribute_name FROM spring_session_attributes a
                  JOIN spring_session s ON s.primary_id = a.session_primary_id
                 WHERE s.session_id = :id ORDER BY 1
                """)
            .param("id", idOf(session))
            .query(String.class)
            .list();

    assertThat(attributes).containsExactly("csrf", "tenant", "user");
  }

  @Test
  void a_page_that_outlived_its_session_hears_that_nobody_is_signed_in() {
    HttpCaller browser = client.with("Cookie", "funkhaus-session=" + session);
    HttpCaller page = browser.with("X-CSRF-TOKEN", browser.csrfToken("/functions"));
    passTime("creation_time", Duration.ofHours(13));

    HttpResponse<String> answer = page.post("/api/v1/keys", "{\"name\":\"a\",\"scope\":\"full\"}");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(Workspace.json(answer).get("code").asString()).isEqualTo("NotAuthenticated");
  }

  private String signIn(String existingSession) {
    return valueOf(setCookie(submitSignIn(existingSession), "funkhaus-session"));
  }

  private HttpResponse<String> submitSignIn(String existingSession) {
    // Signed in already, the form would lead on; its token is taken as a stranger.
    String csrfCookie = valueOf(setCookie(client.get("/sign-in"), "funkhaus-csrf"));
    HttpCaller stranger = client.with("Cookie", "funkhaus-csrf=" + csrfCookie);
    if (existingSession.isEmpty()) {
      return submit(stranger, stranger.csrfToken("/sign-in"));
    }
    HttpCaller browser =
        client.with(
            "Cookie", "funkhaus-csrf=" + csrfCookie + "; funkhaus-session=" + existingSession);
    boolean signedIn = browser.get("/api/v1/whoami").statusCode() == 200;
    return submit(browser, browser.csrfToken(signedIn ? "/functions" : "/sign-in"));
  }

  private HttpResponse<String> submit(HttpCaller browser, String token) {
    return browser.submit(
        "/sign-in",
        Map.of("email", workspace.email(), "password", workspace.password(), "_csrf", token));
  }

  private int statusWith(String cookie) {
    return client.with("Cookie", "funkhaus-session=" + cookie).get("/api/v1/whoami").statusCode();
  }

  private int sessions() {
    return database.sql("SELECT count(*) FROM spring_session").query(Integer.class).single();
  }

  private int rowsOf(String cookie) {
    return database
        .sql("SELECT count(*) FROM spring_session WHERE session_id = :id")
        .param("id", idOf(cookie))
        .query(Integer.class)
        .single();
  }

  private void passTime(String column, Duration by) {
    int changed =
        database
            .sql(
                "UPDATE spring_session SET "
                    + column
                    + " = "
                    + column
                    + " - :millis WHERE session_id = :id")
            .param("millis", by.toMillis())
            .param("id", idOf(session))
            .update();
    assertThat(changed).isEqualTo(1);
  }

  private static String setCookie(HttpResponse<String> answer, String name) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith(name + "="))
        .findFirst()
        .orElseThrow(() ->
            new AssertionError(
                "no cookie " + name + " in " + answer.statusCode() + " " + answer.headers()));
  }

  private static String valueOf(String setCookie) {
    return setCookie.substring(setCookie.indexOf('=') + 1).split(";", 2)[0];
  }

  private static String cookieValue(String sessionId) {
    return Base64.getEncoder().encodeToString(sessionId.getBytes(StandardCharsets.UTF_8));
  }

  private static String idOf(String cookie) {
    return new String(Base64.getDecoder().decode(cookie), StandardCharsets.UTF_8);
  }
}
