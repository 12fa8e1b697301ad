package io.funkhaus.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RawRequest;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The service below a path that a proxy in front of it keeps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PathPrefixIT {
  private static final Pattern LINK = Pattern.compile("(?:href|src|action)=\"(/[^\"]*)\"");

  private RunningService service;
  private HttpCaller stranger;

  @BeforeAll
  void start() {
    service =
        RunningService.start(Map.of("FUNKHAUS_PUBLIC_URL", "http://example.org/tools/functions"));
    stranger = HttpCaller.anonymous(service.url());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void every_link_of_a_page_is_below_the_prefix() {
    HttpResponse<String> page = stranger.get("/tools/functions/sign-up");

    assertThat(page.statusCode()).isEqualTo(200);
    Matcher links = LINK.matcher(page.body());
    int count = 0;
    for (; links.find(); count++) {
      assertThat(links.group(1)).startsWith("/tools/functions/");
    }
    assertThat(count).isPositive();
  }

  @Test
  void the_logo_is_there() {
    HttpResponse<String> logo = stranger.get("/tools/functions/assets/logo.svg");

    assertThat(logo.statusCode()).isEqualTo(200);
    assertThat(logo.body()).contains("<svg");
  }

  @Test
  void who_has_to_sign_in_is_sent_to_the_form_below_the_prefix_and_back() {
    HttpResponse<String> answer = stranger.get("/tools/functions/keys");

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location"))
        .contains("/tools/functions/sign-in?continue=%2Fkeys");
  }

  @Test
  void the_rest_api_answers_below_the_prefix_and_only_there() {
    HttpResponse<String> answer = stranger.get("/tools/functions/api/v1/whoami");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(Workspace.json(answer).path("code").asString()).isEqualTo("NotAuthenticated");
    assertThat(stranger.get("/api/v1/whoami").statusCode()).isEqualTo(404);
  }

  @Test
  void what_the_web_server_refuses_of_the_rest_api_is_a_problem_below_the_prefix()
      throws IOException {
    assertThat(RawRequest.answer(service.url(), "GET /tools/functions/api/v1/x HTTP/1.1\n\n"))
        .contains("\"code\":\"MalformedRequest\"");
    assertThat(
            RawRequest.answer(
                service.url(), "TRACE /tools/functions/api/v1/x HTTP/1.1\nHost: localhost\n\n"))
        .contains("\"code\":\"MethodNotAllowed\"");
  }
}
