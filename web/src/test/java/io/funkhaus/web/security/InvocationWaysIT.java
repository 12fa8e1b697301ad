package io.funkhaus.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/**
 * A call of a function goes a short way when it is plain and a long one when something about it is
 * unusual: here, that a character of the qualifier is encoded. Nobody can tell by the answer.
 */
class InvocationWaysIT {
  private static final String SHORT = "/api/v1/functions/%s/invocations?qualifier=$LATEST";
  private static final String LONG = "/api/v1/functions/%s/invocations?qualifier=%%24LATEST";

  private final RunningService service = RunningService.shared();
  private final Workspace workspace = Workspace.signUp(service);

  @Test
  void both_ways_give_the_result_of_the_function() {
    HttpResponse<String> plain = call(SHORT, "hello", workspace.key());
    HttpResponse<String> encoded = call(LONG, "hello", workspace.key());

    assertThat(plain.statusCode()).as(plain.body()).isEqualTo(200);
    assertThat(plain.body()).isEqualTo(encoded.body()).contains("Alice");
    assertThat(plain.headers().firstValue("X-Funkhaus-Version"))
        .isEqualTo(encoded.headers().firstValue("X-Funkhaus-Version"));
    assertThat(plain.headers().firstValue("X-Request-Id")).isPresent();
  }

  @Test
  void both_ways_refuse_who_has_no_good_key_in_the_same_words() {
    String wrong = workspace.key().substring(0, workspace.key().length() - 1) + "0";
    HttpResponse<String> plain = call(SHORT, "hello", wrong);
    HttpResponse<String> encoded = call(LONG, "hello", wrong);

    assertThat(plain.statusCode()).isEqualTo(401);
    assertThat(code(plain)).isEqualTo(code(encoded)).startsWith("Key");
    assertThat(plain.headers().firstValue("WWW-Authenticate"))
        .isEqualTo(encoded.headers().firstValue("WWW-Authenticate"))
        .isPresent();
  }

  @Test
  void both_ways_know_nothing_of_the_functions_of_another_workspace() {
    String stranger = Workspace.signUp(service).key();
    workspace.api().post("/api/v1/functions", "{\"name\":\"mine\",\"runtime\":\"nodejs22.x\"}");

    assertThat(code(call(SHORT, "mine", stranger)))
        .isEqualTo(code(call(LONG, "mine", stranger)))
        .isEqualTo("FunctionNotFound");
  }

  @Test
  void the_short_way_has_the_headers_of_security_that_count_for_an_answer_in_json() {
    HttpResponse<String> plain = call(SHORT, "hello", workspace.key());
    HttpResponse<String> encoded = call(LONG, "hello", workspace.key());

    for (String header :
        new String[] {
          "Content-Security-Policy",
          "X-Content-Type-Options",
          "X-Frame-Options",
          "Cross-Origin-Resource-Policy",
          "Cache-Control",
          "Content-Type"
        }) {
      assertThat(plain.headers().firstValue(header))
          .as(header)
          .isPresent()
          .isEqualTo(encoded.headers().firstValue(header));
    }
  }

  @Test
  void a_key_in_the_url_is_refused_whichever_way_it_takes() {
    String path = SHORT.formatted("hello") + "&key=" + workspace.key();

    HttpResponse<String> answer =
        HttpCaller.withoutCookieJar(service.url())
            .withKey(workspace.key())
            .post(path, "{\"name\":\"Alice\"}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(code(answer)).isEqualTo("KeyInQuery");
  }

  private HttpResponse<String> call(String way, String function, String key) {
    return HttpCaller.withoutCookieJar(service.url())
        .withKey(key)
        .post(way.formatted(function), "{\"name\":\"Alice\"}");
  }

  private static String code(HttpResponse<String> answer) {
    return Workspace.json(answer).get("code").asString();
  }
}
