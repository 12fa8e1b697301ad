package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every way an invocation can end, as a caller of the REST API sees it: a distinct error, soon, the
 * same in the list, and the next call works.
 */
class EndingsIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration SOON = Duration.ofSeconds(36);
  private static HttpCaller api = HttpCaller.anonymous(RunningService.shared().url());

  /** A function that ends in one way for the event {@code "bad"} and well for every other. */
  enum Ending {
    THROWS(
        502,
        "FunctionFailed",
        "failed",
        "exports.handler = async e => { if (e === 'bad') throw new TypeError('no'); return 1; };"),
    TIMES_OUT(
        504,
        "FunctionTimedOut",
        "timed_out",
        "exports.handler = async e => { if (e === 'bad') for (;;); return 1; };"),
    OUT_OF_MEMORY(
        502,
        "FunctionOutOfMemory",
        "out_of_memory",
        "exports.handler = async e => { if (e === 'bad') { const a = [];"
            + " for (;;) a.push(Buffer.alloc(8 << 20, 1)); } return 1; };"),
    EXITS(
        502,
        "FunctionExited",
        "exited",
        "exports.handler = async e => { if (e === 'bad') process.exit(7); return 1; };"),
    CRASHES(
        502,
        "FunctionExited",
        "exited",
        "exports.handler = async e => { if (e === 'bad') process.kill(process.pid, 'SIGSEGV');"
            + " return new Promise(done => setTimeout(done, e === 'bad' ? 2000 : 0, 1)); };"),
    RETURNS_NO_JSON(
        502, "FunctionFailed", "failed", "exports.handler = async e => e === 'bad' ? 10n : 1;"),
    RETURNS_TOO_MUCH(
        502,
        "FunctionResponseTooLarge",
        "response_too_large",
        "exports.handler = async e => e === 'bad' ? 'x'.repeat(7 << 20) : 1;");

    private final int status;
    private final String code;
    private final String listed;
    private final String source;

    Ending(int status, String code, String listed, String source) {
      this.status = status;
      this.code = code;
      this.listed = listed;
      this.source = source;
    }
  }

  @BeforeAll
  static void signUp() {
    api = Workspace.signUp(RunningService.shared()).api();
  }

  @ParameterizedTest
  @EnumSource
  void a_bad_ending_is_told_distinctly_and_the_next_call_works(Ending ending) {
    String name = ending.name().toLowerCase(java.util.Locale.ROOT);
    create(name, "nodejs22.x", "index.js", ending.source);
    assertThat(MainJobIT.invoke(api, name, "\"good\"")).isEqualTo("1");

    long begin = System.nanoTime();
    HttpResponse<String> answer = invoke(name, "\"bad\"");

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(ending.status);
    JsonNode problem = Workspace.json(answer);
    assertThat(problem.get("code").asString()).isEqualTo(ending.code);
    assertThat(problem.get("detail").asString()).isNotBlank();
    JsonNode listed = listed(name, problem.get("requestId").asString());
    assertThat(listed.get("status").asString()).isEqualTo(ending.listed);
    assertThat(MainJobIT.invoke(api, name, "\"good\"")).isEqualTo("1");
  }

  @ParameterizedTest
  @EnumSource
  void code_that_cannot_be_loaded_is_told_with_the_reason(BrokenCode broken) {
    String name = broken.name().toLowerCase(java.util.Locale.ROOT);
    create(name, broken.runtime, broken.file, broken.source);

    HttpResponse<String> answer = invoke(name, "{}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
    JsonNode problem = Workspace.json(answer);
    assertThat(problem.get("code").asString()).isEqualTo("FunctionInitFailed");
    assertThat(problem.get("functionError").get("errorType").asString())
        .isEqualTo(broken.errorType);
    assertThat(problem.get("functionError").get("errorMessage").asString()).isNotBlank();
    assertThat(listed(name, problem.get("requestId").asString()).get("status").asString())
        .isEqualTo("init_failed");
  }

  /** Code whose module does not load. */
  enum BrokenCode {
    SYNTAX_ERROR("nodejs22.x", "index.js", "exports.handler = (", "Runtime.UserCodeSyntaxError"),
    MISSING_HANDLER("nodejs22.x", "index.js", "exports.other = 1;", "Runtime.HandlerNotFound"),
    MISSING_MODULE("nodejs22.x", "index.js", "require('not-there');", "Runtime.ImportModuleError"),
    PYTHON_SYNTAX_ERROR("python3.11", "index.py", "def handler(", "Runtime.UserCodeSyntaxError"),
    PYTHON_MISSING_HANDLER("python3.11", "index.py", "x = 1\n", "Runtime.HandlerNotFound");

    private final String runtime;
    private final String file;
    private final String source;
    private final String errorType;

    BrokenCode(String runtime, String file, String source, String errorType) {
      this.runtime = runtime;
      this.file = file;
      this.source = source;
      this.errorType = errorType;
    }
  }

  @Test
  void megabytes_of_log_are_cut_with_a_mark_and_the_call_succeeds() {
    create(
        "chatty",
        "nodejs22.x",
        "index.js",
        "exports.handler = async () => { for (let i = 0; i < 4096; i++)"
            + " console.log('x'.repeat(1024)); return 'done'; };");

    HttpResponse<String> answer = invoke("chatty", "{}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String requestId = answer.headers().firstValue("X-Request-Id").orElseThrow();
    JsonNode log =
        Workspace.json(
            api.with("Accept", "application/json")
                .get("/api/v1/invocations/" + requestId + "/log"));
    assertThat(log.get("truncated").asBoolean()).isTrue();
    assertThat(log.get("droppedBytes").asLong()).isGreaterThan(3_000_000);
    assertThat(log.get("text").asString().length()).isLessThan(300 * 1024);
  }

  @Test
  void binary_output_is_kept_as_readable_text() {
    create(
        "binary",
        "nodejs22.x",
        "index.js",
        "exports.handler = async () => { process.stdout.write(Buffer.from([0x61, 0x00, 0xff,"
            + " 0xfe, 0x62, 0x0a])); return 'done'; };");

    HttpResponse<String> answer = invoke("binary", "{}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String requestId = answer.headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(api.get("/api/v1/invocations/" + requestId + "/log").body())
        .contains("a\uFFFD\uFFFDb")
        .doesNotContain("\0");
  }

  @Test
  void a_payload_that_is_no_json_is_refused_with_its_place() {
    create("echo", "nodejs22.x", "index.js", "exports.handler = async e => e;");

    HttpResponse<String> answer = invoke("echo", "{\"a\": nope}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Workspace.json(answer).get("code").asString()).isEqualTo("InvalidPayload");
  }

  @Test
  void six_megabytes_go_in_and_come_out_and_more_is_refused() {
    create("mirror", "nodejs22.x", "index.js", "exports.handler = async e => e;");
    String largest = "\"" + "x".repeat(6_291_556 - 2) + "\"";

    HttpResponse<String> answer = invoke("mirror", largest);
    HttpResponse<String> tooLarge = invoke("mirror", largest + " ");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).hasSize(largest.length());
    assertThat(tooLarge.statusCode()).isEqualTo(413);
    assertThat(Workspace.json(tooLarge).get("code").asString()).isEqualTo("PayloadTooLarge");
  }

  private static void create(String name, String runtime, String file, String source) {
    String request =
        JSON.writeValueAsString(
            Map.of(
                "name",
                name,
                "runtime",
                runtime,
                "timeout",
                2,
                "memory",
                128,
                "files",
                Map.of(file, source)));
    HttpResponse<String> answer = api.post("/api/v1/functions", request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private static HttpResponse<String> invoke(String function, String payload) {
    return api.post("/api/v1/functions/" + function + "/invocations", payload);
  }

  private static JsonNode listed(String function, String requestId) {
    JsonNode items =
        Workspace.json(api.get("/api/v1/functions/" + function + "/invocations")).get("items");
    for (JsonNode item : items) {
      if (item.get("requestId").asString().equals(requestId)) {
        return item;
      }
    }
    throw new AssertionError(requestId + " is not listed: " + items);
  }
}
