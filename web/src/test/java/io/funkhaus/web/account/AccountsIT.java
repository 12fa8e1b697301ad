package io.funkhaus.web.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Signing up, in and out, over HTTP. Senders come from loopback addresses of their own. */
class AccountsIT {

  private static final String PASSWORD = "wandering-teapot-of-berlin";

  private final RunningService service = RunningService.shared();
  private final JdbcClient database = service.bean(JdbcClient.class);

  @Test
  void signing_up_creates_a_workspace_with_a_twelve_digit_account_id_and_its_owner() {
    Workspace workspace = Workspace.signUp(service);

    HttpResponse<String> answer = workspace.browser().get("/api/v1/whoami");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode whoami = Workspace.json(answer);
    assertThat(whoami.at("/tenant/accountId").asString()).matches("[1-9][0-9]{11}");
    assertThat(whoami.at("/user/email").asString()).isEqualTo(workspace.email());
    assertThat(whoami.at("/user/role").asString()).isEqualTo("owner");
    assertThat(whoami.has("key")).isFalse();
  }

  @Test
  void signing_up_leads_to_the_sample_function_ready_to_run() {
    HttpCaller browser = HttpCaller.anonymousFrom("127.1.0.1", service.url());

    HttpResponse<String> answer = signUp(browser, unusedEmail(), PASSWORD);

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(location(answer)).isEqualTo("/functions/hello?welcome");
    assertThat(browser.get("/functions/hello?welcome").statusCode()).isEqualTo(200);
    assertThat(browser.get("/api/v1/functions/hello").statusCode()).isEqualTo(200);
  }

  @Test
  void a_refused_password_says_why_and_creates_nothing() {
    HttpCaller browser = HttpCaller.anonymousFrom("127.1.0.2", service.url());
    String email = unusedEmail();

    HttpResponse<String> answer = signUp(browser, email, "password123");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("list of common ones").contains(email);
    assertThat(answer.body()).doesNotContain("password123");
    assertThat(usersWith(email)).isZero();
  }

  @Test
  void a_taken_address_is_not_said_to_be_taken_and_nothing_changes() {
    HttpCaller browser = HttpCaller.anonymousFrom("127.1.0.3", service.url());
    String email = unusedEmail();
    signUp(HttpCaller.anonymousFrom("127.1.0.3", service.url()), email, PASSWORD);

    HttpResponse<String> answer =
        signUp(browser, email.toUpperCase(Locale.ROOT), PASSWORD + " of mine");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("could not be created with these details")
        .doesNotContainIgnoringCase("exists")
        .doesNotContainIgnoringCase("taken");
    assertThat(browser.get("/functions").statusCode()).isEqualTo(303);
    assertThat(usersWith(email)).isEqualTo(1);
    assertThat(signIn(browser, email, PASSWORD).statusCode()).isEqualTo(303);
  }

  @Test
  void after_ten_refused_sign_ups_an_address_has_to_wait() {
    String email = unusedEmail();
    signUp(HttpCaller.anonymousFrom("127.1.0.4", service.url()), email, PASSWORD);
    HttpCaller browser = HttpCaller.anonymousFrom("127.1.0.4", service.url());
    for (int i = 0; i < 10; i++) {
      assertThat(signUp(browser, email, PASSWORD).statusCode()).isEqualTo(422);
    }

    HttpResponse<String> answer = signUp(browser, email, PASSWORD);

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(300, 360);
  }

  @Test
  void a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    String known = unusedEmail();
    signUp(HttpCaller.anonymousFrom("127.1.0.5", service.url()), known, PASSWORD);
    String unknown = unusedEmail();
    HttpCaller browser = HttpCaller.anonymousFrom("127.1.0.5", service.url());

    HttpResponse<String> wrong = signIn(browser, known, "not " + PASSWORD);
    HttpResponse<String> nobody = signIn(browser, unknown, "not " + PASSWORD);

    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(comparable(wrong.body(), known)).isEqualTo(comparable(nobody.body(), unknown));
    assertThat(headerNames(wrong)).isEqualTo(headerNames(nobody));
    assertThat(wrong.body()).contains("do not belong together");
  }

  @Test
  void a_wrong_password_and_an_unknown_address_take_the_same_time() {
    String known = unusedEmail();
    signUp(HttpCaller.anonymousFrom("127.1.0.6", service.url()), known, PASSWORD);
    PasswordStrategy strategy = service.bean(PasswordStrategy.class);
    List<Double> differences = new ArrayList<>();

    for (int round = 0; round < 3; round++) {
      List<Long> wrong = new ArrayList<>();
      List<Long> nobody = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        ClientAddress address = new ClientAddress("192.0.2." + (round * 25 + i));
        wrong.add(nanosOfRefusal(strategy, known, address));
        nobody.add(nanosOfRefusal(strategy, i + unusedEmail(), address));
      }
      differences.add(Math.abs(median(wrong) / (double) median(nobody) - 1));
    }

    assertThat(Collections.min(differences)).isLessThan(0.10);
  }

  @Test
  void twenty_wrong_passwords_are_slowed_down_and_the_owner_still_gets_in_from_elsewhere() {
    String email = unusedEmail();
    signUp(HttpCaller.anonymousFrom("127.1.0.7", service.url()), email, PASSWORD);
    HttpCaller guesser = HttpCaller.anonymousFrom("127.1.0.8", service.url());
    List<Integer> statuses = new ArrayList<>();
    HttpResponse<String> last = guesser.get("/sign-in");
    for (int i = 0; i < 20; i++) {
      last = signIn(guesser, email, "guess number " + i);
      statuses.add(last.statusCode());
    }

    assertThat(statuses.subList(0, 10)).containsOnly(401);
    assertThat(statuses.getLast()).isEqualTo(429);
    assertThat(Integer.parseInt(last.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(1, 30);
    assertThat(last.body()).contains("Too many attempts");
    assertThat(signIn(guesser, email, PASSWORD).statusCode()).isEqualTo(429);
    HttpCaller owner = HttpCaller.anonymousFrom("127.1.0.9", service.url());
    assertThat(signIn(owner, email, PASSWORD).statusCode()).isEqualTo(303);
  }

  @Test
  void who_wanted_to_see_a_page_sees_it_after_signing_in() {
    String email = unusedEmail();
    signUp(HttpCaller.anonymousFrom("127.1.0.10", service.url()), email, PASSWORD);
    HttpCaller browser = HttpCaller.anonymousFrom("127.1.0.10", service.url());
    String wanted = "/functions/hello/invocations?status=failed&q=a%20b";

    HttpResponse<String> sentAway = browser.get(wanted);
    HttpResponse<String> form = browser.get(location(sentAway));
    HttpResponse<String> signedIn =
        browser.submit(
            "/sign-in",
            Map.of(
                "email",
                email,
                "password",
                PASSWORD,
                "continue",
                hiddenField(form, "continue"),
                "_csrf",
                hiddenField(form, "_csrf")));

    assertThat(sentAway.statusCode()).isEqualTo(303);
    assertThat(location(signedIn)).isEqualTo(wanted);
  }

  @Test
  void a_link_to_the_sign_in_page_cannot_lead_to_another_site() {
    String email = unusedEmail();
    signUp(HttpCaller.anonymousFrom("127.1.0.11", service.url()), email, PASSWORD);
    HttpCaller browser = HttpCaller.anonymousFrom("127.1.0.11", service.url());

    HttpResponse<String> form = browser.get("/sign-in?continue=//evil.example/");
    HttpResponse<String> signedIn =
        browser.submit(
            "/sign-in",
            Map.of(
                "email",
                email,
                "password",
                PASSWORD,
                "continue",
                "//evil.example/",
                "_csrf",
                hiddenField(form, "_csrf")));

    assertThat(form.body()).doesNotContain("evil.example");
    assertThat(location(signedIn)).isEqualTo("/functions");
  }

  @Test
  void a_sign_in_form_of_another_site_is_refused() {
    String email = unusedEmail();
    signUp(HttpCaller.anonymousFrom("127.1.0.12", service.url()), email, PASSWORD);
    HttpCaller browser = HttpCaller.anonymousFrom("127.1.0.12", service.url());
    Map<String, String> fields = Map.of("email", email, "password", PASSWORD);

    assertThat(browser.submit("/sign-in", fields).statusCode()).isEqualTo(403);
  }

  @Test
  void an_unknown_strategy_does_not_exist() {
    HttpCaller browser = HttpCaller.anonymousFrom("127.1.0.13", service.url());
    String token = browser.csrfToken("/sign-in");

    assertThat(browser.submit("/sign-in/telepathy", Map.of("_csrf", token)).statusCode())
        .isEqualTo(404);
  }

  @Test
  void signed_in_the_forms_lead_on_to_the_functions() {
    Workspace workspace = Workspace.signUp(service);

    assertThat(location(workspace.browser().get("/sign-in"))).isEqualTo("/functions");
    assertThat(location(workspace.browser().get("/sign-up"))).isEqualTo("/functions");
  }

  private HttpResponse<String> signUp(HttpCaller browser, String email, String password) {
    return browser.submit(
        "/sign-up",
        Map.of("email", email, "password", password, "_csrf", browser.csrfToken("/sign-up")));
  }

  private HttpResponse<String> signIn(HttpCaller browser, String email, String password) {
    return browser.submit(
        "/sign-in",
        Map.of("email", email, "password", password, "_csrf", browser.csrfToken("/sign-in")));
  }

  private int usersWith(String email) {
    return database
        .sql("SELECT count(*) FROM users WHERE lower(email) = lower(:email)")
        .param("email", email)
        .query(Integer.class)
        .single();
  }

  private static long nanosOfRefusal(
      PasswordStrategy strategy, String email, ClientAddress address) {
    SignInAttempt attempt =
        new SignInAttempt(Map.of("email", email, "password", "not " + PASSWORD), address);
    long start = System.nanoTime();
    SignIn result = strategy.authenticate(attempt);
    long nanos = System.nanoTime() - start;
    assertThat(result).isInstanceOf(SignIn.Refused.class);
    return nanos;
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static String unusedEmail() {
    return UUID.randomUUID() + "@example.org";
  }

  /** Without what is different in each answer and says nothing. */
  private static String comparable(String body, String email) {
    return body.replace(email, "EMAIL")
        .replaceAll("(name=\"csrf\" content|name=\"_csrf\" value|nonce)=\"[^\"]+\"", "$1")
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "REQUEST");
  }

  private static List<String> headerNames(HttpResponse<String> answer) {
    return answer.headers().map().keySet().stream().sorted().toList();
  }

  private static String hiddenField(HttpResponse<String> page, String name) {
    return page.body()
        .lines()
        .filter(line -> line.contains("name=\"" + name + "\""))
        .map(line -> line.replaceFirst(".*name=\"" + name + "\"[^>]*value=\"([^\"]*)\".*", "$1"))
        .map(value -> value.replace("&amp;", "&"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no field " + name + " in " + page.body()));
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").orElse("no location, " + answer.statusCode());
  }
}
