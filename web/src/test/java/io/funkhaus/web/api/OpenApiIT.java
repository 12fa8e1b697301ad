package io.funkhaus.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiIT {
  private RunningService service;
  private JsonNode document;

  @BeforeAll
  void read() {
    service = RunningService.shared();
    HttpResponse<String> answer = HttpCaller.anonymous(service.url()).get("/api/v1/openapi.json");
    assertThat(answer.statusCode()).isEqualTo(200);
    document = Workspace.json(answer);
  }

  @Test
  void it_is_openapi_3_1_and_open_to_everybody() {
    assertThat(document.path("openapi").asString()).startsWith("3.1");
    assertThat(document.path("info").path("title").asString()).isEqualTo("Funkhaus");
  }

  @Test
  void every_call_is_in_it() {
    for (ApiEndpoints.Endpoint endpoint : ApiEndpoints.of(service)) {
      JsonNode operation =
          document
              .path("paths")
              .path(endpoint.path())
              .path(endpoint.method().toLowerCase(Locale.ROOT));
      assertThat(operation.isObject()).as(endpoint.call()).isTrue();
    }
  }

  @Test
  void everything_is_described() {
    List<String> silent = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        String call = operation.getKey() + " " + path.getKey();
        for (String word : List.of("summary", "description", "tags", "operationId")) {
          if (operation.getValue().path(word).isMissingNode()) {
            silent.add(call + " has no " + word);
          }
        }
        for (JsonNode parameter : operation.getValue().path("parameters")) {
          if (parameter.path("description").asString("").isEmpty()) {
            silent.add(call + " says nothing about " + parameter.path("name").asString());
          }
        }
        if (operation.getValue().path("responses").path("default").isMissingNode()) {
          silent.add(call + " has no error");
        }
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void every_reference_leads_somewhere_and_nothing_of_the_inside_shows() {
    for (JsonNode reference : document.findValues("$ref")) {
      String pointer = reference.asString().substring(1);
      assertThat(document.at(pointer).isMissingNode()).as(pointer).isFalse();
    }
    assertThat(document.path("components").path("schemas").propertyNames())
        .doesNotContain("Caller", "TenantId", "JsonNode", "FunctionEntity");
  }
}
