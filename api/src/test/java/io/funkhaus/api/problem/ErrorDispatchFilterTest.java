package io.funkhaus.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.RequestDispatcher;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ErrorDispatchFilterTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/error");
  private final MockHttpServletResponse response = new MockHttpServletResponse();
  private final AtomicBoolean page = new AtomicBoolean();

  @ParameterizedTest
  @CsvSource({
    "400, MalformedRequest",
    "404, NotFound",
    "405, MethodNotAllowed",
    "408, RequestTimeout",
    "413, ContentTooLarge",
    "500, InternalError",
    "501, NotImplemented",
    "503, ServiceUnavailable"
  })
  void each_error_of_the_server_is_a_problem_with_its_status(int status, String code)
      throws Exception {
    JsonNode problem = dispatch("/api/v1/functions", status);

    assertThat(response.getContentType()).isEqualTo("application/problem+json");
    assertThat(response.getStatus()).isEqualTo(status);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("code").asString()).isEqualTo(code);
    assertThat(problem.get("requestId").asString()).isEqualTo(RequestId.of(request).toString());
  }

  @Test
  void a_failure_tells_its_caller_nothing_but_the_id() throws Exception {
    request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, new StackOverflowError("secret"));

    assertThat(dispatch("/api/v1/functions", 500).toString()).doesNotContain("secret", "Error(");
  }

  @Test
  void an_answer_that_the_server_has_thrown_away_is_given_again() throws Exception {
    ProblemException meant = ProblemException.badRequest("Meant", "This was meant.");
    response.setCommitted(true);
    new ProblemWriter(JSON).answer(request, response, meant);
    response.setCommitted(false);

    assertThat(dispatch("/api/v1/functions", 400).get("code").asString()).isEqualTo("Meant");
  }

  @Test
  void an_answer_with_another_status_was_meant_for_something_else() throws Exception {
    ProblemException meant = ProblemException.badRequest("Meant", "This was meant.");
    new ProblemWriter(JSON).answer(request, response, meant);
    response.reset();

    assertThat(dispatch("/api/v1/functions", 408).get("code").asString())
        .isEqualTo("RequestTimeout");
  }

  @ParameterizedTest
  @CsvSource({"/functions", "/apis", "/other/api/v1/functions"})
  void what_is_not_of_the_api_is_left_to_the_page(String path) throws Exception {
    dispatch(path, 404);

    assertThat(page).isTrue();
    assertThat(response.getContentAsByteArray()).isEmpty();
  }

  /** The document, or nothing. */
  private JsonNode dispatch(String path, int status) throws Exception {
    request.setAttribute(RequestDispatcher.ERROR_REQUEST_URI, path);
    request.setAttribute(RequestDispatcher.ERROR_METHOD, "POST");
    response.setStatus(status);
    new ErrorDispatchFilter(new ProblemWriter(JSON))
        .doFilter(request, response, (dispatched, answered) -> page.set(true));
    return JSON.readTree(response.getContentAsByteArray());
  }
}
