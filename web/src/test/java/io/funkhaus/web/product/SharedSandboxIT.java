package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions that ask for several invocations in one sandbox, through the public API. */
class SharedSandboxIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int TOGETHER = 5;
  private static HttpCaller api = HttpCaller.anonymous(RunningService.shared().url());

  /** A handler that answers only when so many run in its process at once as the event asks for. */
  enum Language {
    NODE(
        "nodejs22.x",
        "index.js",
        """
        const sandbox = Math.random();
        let inside = 0, most = 0;
        exports.handler = async ({ name, together }) => {
          most = Math.max(most, ++inside);
          while (most < together) await new Promise(done => setTimeout(done, 10));
          console.log(`I am ${name}`);
          inside--;
          return { name, sandbox };
        };
        """),
    PYTHON(
        "python3.11",
        "index.py",
        """
        import logging, random, time
        sandbox, inside, most = random.random(), 0, 0
        def handler(event, context):
            global inside, most
            inside += 1
            most = max(most, inside)
            while most < event['together']:
                time.sleep(0.01)
            logging.warning('I am %s', event['name'])
            inside -= 1
            return {'name': event['name'], 'sandbox': sandbox}
        """);

    private final String runtime;
    private final String file;
    private final String source;

    Language(String runtime, String file, String source) {
      this.runtime = runtime;
      this.file = file;
      this.source = source;
    }
  }

  @BeforeAll
  static void signUp() {
    api = Workspace.signUp(RunningService.shared()).api();
  }

  private static void deploy(String name, Language language, int timeoutSeconds) {
    HttpResponse<String> created =
        api.post(
            "/api/v1/functions",
            JSON.writeValueAsString(
                Map.of(
                    "name",
                    name,
                    "runtime",
                    language.runtime,
                    "handler",
                    "index.handler",
                    "timeout",
                    timeoutSeconds,
                    "sandboxConcurrency",
                    TOGETHER,
                    "files",
                    Map.of(language.file, language.source))));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(call(name, "warm", 1).statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> call(String function, String name, int together) {
    return api.post(
        "/api/v1/functions/" + function + "/invocations",
        JSON.writeValueAsString(Map.of("name", name, "together", together)));
  }

  @ParameterizedTest
  @EnumSource
  void several_run_in_one_sandbox_at_once_and_each_gets_its_own_answer_and_log(Language language)
      throws Exception {
    String function = "together-" + language.name();
    deploy(function, language, 30);
    String sandbox = json(call(function, "first", 1)).path("sandbox").toString();

    List<HttpResponse<String>> answers;
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> calls =
          IntStream.range(0, TOGETHER)
              .mapToObj(i -> callers.submit(() -> call(function, "caller-" + i, TOGETHER)))
              .toList();
      answers = calls.stream().map(SharedSandboxIT::finished).toList();
    }

    for (int i = 0; i < TOGETHER; i++) {
      HttpResponse<String> answer = answers.get(i);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(json(answer).path("name").asString()).isEqualTo("caller-" + i);
      assertThat(json(answer).path("sandbox").toString()).isEqualTo(sandbox);
      assertThat(ownLines(answer)).hasSize(1).allMatch(endsWith("I am caller-" + i));
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_takes_too_long_ends_the_others_which_are_told_why(Language language)
      throws Exception {
    String function = "late-" + language.name();
    deploy(function, language, 3);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> late = callers.submit(() -> call(function, "late", 99));
      await().atMost(SOON).until(() -> running() == 1);
      Future<HttpResponse<String>> other = callers.submit(() -> call(function, "other", 99));

      assertThat(finished(late).statusCode()).isEqualTo(504);
      assertThat(finished(other).statusCode()).isEqualTo(503);
      assertThat(json(finished(other)).path("code").asString()).isEqualTo("SandboxLost");
      assertThat(json(finished(other)).path("detail").asString())
          .contains("another invocation of its sandbox ran out of time");
    }
    assertThat(call(function, "next", 1).statusCode()).isEqualTo(200);
  }

  private static int running() {
    return Workspace.json(api.get("/api/v1/usage")).path("running").asInt();
  }

  private static HttpResponse<String> finished(Future<HttpResponse<String>> call) {
    try {
      return call.get(SOON.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no answer", e);
    }
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Workspace.json(answer);
  }

  /** The lines of an invocation's log that the function has written for it, by their request id. */
  private static List<String> ownLines(HttpResponse<String> answer) {
    String id = answer.headers().firstValue("X-Request-Id").orElseThrow();
    String path = "/api/v1/invocations/" + id + "/log";
    await().atMost(SOON).until(() -> api.get(path).statusCode() == 200);
    String log = api.with("Accept", "text/plain").get(path).body();
    assertThat(log).startsWith("START RequestId: " + id);
    return log.lines().filter(line -> line.contains("\t" + id + "\t")).toList();
  }

  private static Predicate<String> endsWith(String end) {
    return line -> line.endsWith(end);
  }
}
