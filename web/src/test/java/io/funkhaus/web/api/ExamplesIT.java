package io.funkhaus.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The examples, uploaded as their README says, in real sandboxes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplesIT {
  private static final Path EXAMPLES = Path.of("../examples");

  private HttpCaller api;

  @BeforeAll
  void signUp() {
    api = Workspace.signUp(RunningService.shared()).api();
  }

  @Test
  void hello_greets_in_both_languages() throws Exception {
    for (String runtime : List.of("nodejs", "python")) {
      deploy(
          "hello-" + runtime,
          runtime.equals("nodejs") ? "nodejs22.x" : "python3.11",
          "index.handler");
      assertThat(invoke("hello-" + runtime, "{\"name\":\"Alice\"}").body())
          .isEqualTo("\"Hello, Alice!\"");
      assertThat(invoke("hello-" + runtime, "{}").body()).isEqualTo("\"Hello, World!\"");
    }
  }

  @Test
  void word_count_counts_and_says_what_is_wrong() throws Exception {
    deploy("word-count", "python3.11", "index.handler");
    assertThat(
            Workspace.json(invoke("word-count", "{\"text\":\"To be or not to be\"}"))
                .path("words")
                .path(0)
                .path("word")
                .asString())
        .isEqualTo("be");
    HttpResponse<String> wrong = invoke("word-count", "{\"text\":7}");
    assertThat(wrong.statusCode()).isEqualTo(502);
    assertThat(wrong.body()).contains("ValueError").contains("text must be a string, was int");
  }

  @Test
  void weather_report_uses_its_environment() throws Exception {
    deploy("weather-report", "nodejs22.x", "src/report.handler");
    String event = "{\"station\":\"Hamburg\",\"celsius\":[10,20]}";
    assertThat(Workspace.json(invoke("weather-report", event)).path("mean").asDouble())
        .isEqualTo(15);
    assertThat(
            api.with("If-Match", "*")
                .patch("/api/v1/functions/weather-report", "{\"environment\":{\"UNIT\":\"F\"}}")
                .statusCode())
        .isEqualTo(200);
    assertThat(Workspace.json(invoke("weather-report", event)).path("highest").asDouble())
        .isEqualTo(68);
  }

  private void deploy(String example, String runtime, String handler) throws IOException {
    HttpResponse<String> created =
        api.post(
            "/api/v1/functions",
            "{\"name\":\""
                + example
                + "\",\"runtime\":\""
                + runtime
                + "\",\"handler\":\""
                + handler
                + "\"}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    HttpResponse<String> uploaded =
        api.with("If-Match", "*")
            .send(
                "PUT",
                "/api/v1/functions/" + example + "/code",
                BodyPublishers.ofByteArray(zip(EXAMPLES.resolve(example))),
                "application/zip");
    assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(200);
  }

  private HttpResponse<String> invoke(String example, String event) {
    return api.post("/api/v1/functions/" + example + "/invocations", event);
  }

  private static byte[] zip(Path folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes);
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
