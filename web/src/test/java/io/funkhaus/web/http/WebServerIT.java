package io.funkhaus.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.dispatch.SandboxScheduler;
import io.funkhaus.web.fixture.RawRequest;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.io.IOException;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/** The web server as it is set up, and what it answers by itself. */
class WebServerIT {
  private static final String HOST = "Host: localhost\n";

  private final RunningService service = RunningService.shared();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/whoami HTTP/1.1\n\n",
        "GET /api/v1/whoami HTTP/1.1\nHost: a b\n\n",
        "GET /api/v1/whoami HTTP/1.1\nHost: localhost\nNo Name: x\n\n",
        "GET /api/v1/%zz HTTP/1.1\nHost: localhost\n\n",
        "GET /api/v1/..%2fb HTTP/1.1\nHost: localhost\n\n",
        "POST /api/v1/keys HTTP/1.1\nHost: localhost\nContent-Length: -1\n\n"
      })
  void a_malformed_request_for_the_api_is_answered_with_a_problem(String request)
      throws IOException {
    assertThat(RawRequest.answer(service.url(), request))
        .startsWith("HTTP/1.1 400 ")
        .contains("Content-Type: application/problem+json")
        .contains("\"type\":\"urn:funkhaus:problem:MalformedRequest\"", "\"requestId\":\"")
        .satisfies(WebServerIT::saysNothingAboutTheServer);
  }

  @Test
  void headers_that_are_too_long_are_answered_with_a_problem() throws IOException {
    String request =
        "GET /api/v1/whoami HTTP/1.1\n" + HOST + "X-Long: " + "x".repeat(20_000) + "\n\n";

    assertThat(RawRequest.answer(service.url(), request))
        .startsWith("HTTP/1.1 400 ")
        .contains("\"code\":\"MalformedRequest\"")
        .satisfies(WebServerIT::saysNothingAboutTheServer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\n\n",
        "GET /sign-in HTTP/1.1\n\n",
        "GET /sign-in\"<script> HTTP/1.1\nHost: localhost\n\n",
        "GET /../../sign-in HTTP/1.1\nHost: localhost\n\n"
      })
  void any_other_malformed_request_is_answered_with_two_lines(String request) throws IOException {
    assertThat(RawRequest.answer(service.url(), request))
        .startsWith("HTTP/1.1 400 ")
        .contains("Content-Type: text/plain")
        .contains("\r\n\r\nInvalid request\nThe request line")
        .satisfies(WebServerIT::saysNothingAboutTheServer);
  }

  @Test
  void a_version_of_http_that_is_not_spoken_is_named() throws IOException {
    assertThat(RawRequest.answer(service.url(), "GET /sign-in HTTP/9.9\n" + HOST + "\n"))
        .startsWith("HTTP/1.1 505 ")
        .contains("\r\n\r\nHTTP Version not supported\n")
        .satisfies(WebServerIT::saysNothingAboutTheServer);
  }

  @Test
  void a_method_that_the_server_refuses_is_named() throws IOException {
    assertThat(RawRequest.answer(service.url(), "TRACE /api/v1/whoami HTTP/1.1\n" + HOST + "\n"))
        .contains("HTTP/1.1 405 ", "\"code\":\"MethodNotAllowed\"")
        .contains("\"detail\":\"/api/v1/whoami does not take TRACE.\"")
        .satisfies(WebServerIT::saysNothingAboutTheServer);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, keys, application/json",
    "PUT, functions/hello/code, application/json",
    "PUT, functions/hello/code, application/zip"
  })
  void a_body_that_is_cut_off_is_refused_with_what_was_announced(
      String method, String path, String type) throws IOException {
    String head =
        method
            + " /api/v1/"
            + path
            + " HTTP/1.1\nAuthorization: Bearer "
            + Workspace.signUp(service).key()
            + "\nIf-Match: *\nContent-Type: "
            + type
            + "\n"
            + HOST;

    assertThat(RawRequest.answer(service.url(), head + "Content-Length: 100\n\n{\"a\":"))
        .startsWith("HTTP/1.1 400 ")
        .contains("Content-Type: application/problem+json", "\"code\":\"BodyIncomplete\"")
        .contains("before the 100 bytes that Content-Length announced")
        .satisfies(WebServerIT::saysNothingAboutTheServer);
    assertThat(RawRequest.answer(service.url(), head + "Transfer-Encoding: chunked\n\nno size\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("Content-Type: application/problem+json", "\"code\":\"BodyIncomplete\"")
        .contains("its chunks are malformed")
        .satisfies(WebServerIT::saysNothingAboutTheServer);
  }

  @Test
  void a_payload_that_is_cut_off_is_refused_with_how_much_of_it_came() throws IOException {
    String request =
        """
        POST /api/v1/functions/hello/invocations HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Length: 100

        123\
        """
            .formatted(Workspace.signUp(service).key());

    assertThat(RawRequest.answer(service.url(), request))
        .startsWith("HTTP/1.1 400 ")
        .contains("Content-Type: application/problem+json", "\"code\":\"PayloadIncomplete\"")
        .contains("after 3 of the 100 bytes that Content-Length announced")
        .satisfies(WebServerIT::saysNothingAboutTheServer);
  }

  @Test
  void connections_are_polled_as_the_scheduler_allows() {
    assertThat(protocol()).isInstanceOf(PollingProtocol.class);
    assertThat(((PollingProtocol) protocol()).polling())
        .isSameAs(service.bean(SandboxScheduler.class).polling());
  }

  @Test
  void what_a_thousand_waiting_calls_need_is_used_again() {
    assertThat(((AbstractProtocol<?>) protocol()).getProcessorCache())
        .isGreaterThanOrEqualTo(1_000);
  }

  private ProtocolHandler protocol() {
    WebServerApplicationContext context = (WebServerApplicationContext) service.context();
    if (context.getWebServer() instanceof TomcatWebServer server) {
      return server.getTomcat().getConnector().getProtocolHandler();
    }
    throw new AssertionError("there is no Tomcat");
  }

  private static void saysNothingAboutTheServer(String answer) {
    assertThat(answer)
        .doesNotContainIgnoringCase("tomcat")
        .doesNotContainIgnoringCase("apache")
        .doesNotContainIgnoringCase("exception")
        .doesNotContain("Server:", "org.", "java", "timestamp", "<");
  }
}
