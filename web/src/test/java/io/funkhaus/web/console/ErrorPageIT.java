package io.funkhaus.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class ErrorPageIT {
  private final RunningService service = RunningService.shared();

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "*/*", "application/json"})
  void an_error_outside_of_the_api_is_a_page_whatever_is_asked_for(String accept) {
    HttpResponse<String> answer =
        HttpCaller.anonymous(service.url()).with("Accept", accept).get("/assets/nothing.js");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(answer.body()).contains("<h1>Nothing on this frequency</h1>");
  }

  @Test
  void a_page_that_fails_after_a_long_first_half_is_an_error_page() throws Exception {
    RequestMappingHandlerMapping mappings =
        service
            .context()
            .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
    RequestMappingInfo address =
        RequestMappingInfo.paths("/half-a-page")
            .options(mappings.getBuilderConfiguration())
            .build();
    mappings.registerMapping(address, new HalfAPage(), HalfAPage.class.getDeclaredMethod("show"));
    try {
      HttpResponse<String> answer = Workspace.signUp(service).browser().get("/half-a-page");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body())
          .contains("<h1>The service failed</h1>")
          .doesNotContain("the first half");
    } finally {
      mappings.unregisterMapping(address);
    }
  }

  /** Shows a template that only tests have. */
  static final class HalfAPage {
    String show() {
      return "half-a-page";
    }
  }
}
