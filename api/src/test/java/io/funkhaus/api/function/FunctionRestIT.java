package io.funkhaus.api.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(classes = FunctionsFixture.class)
@AutoConfigureMockMvc
class FunctionRestIT {
  @Autowired private MockMvc mvc;
  @Autowired private JsonMapper json;
  @Autowired private JdbcClient jdbc;

  private RestFixture api;

  @BeforeEach
  void aTenant() {
    api = new RestFixture(mvc, json, FunctionsFixture.newTenant(jdbc));
  }

  @Test
  void the_installation_says_which_settings_it_can_honour_and_why_not_the_others() {
    JsonNode found = api.get("/installation").body();

    assertThat(found.path("isolation").path(0).path("value").asString()).isEqualTo("container");
    assertThat(found.path("isolation").path(0).path("unavailable").isNull()).isTrue();
    assertThat(found.path("isolation").path(1).path("unavailable").asString())
        .isEqualTo("there is no runsc");
    assertThat(found.path("maximumSandboxConcurrency").asInt()).isEqualTo(100);
    assertThat(found.path("onDisconnect").size()).isEqualTo(2);
  }

  @Test
  void a_created_function_is_answered_with_its_etag() {
    RestFixture.Answer created = api.createHello();

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(created.header("X-Request-Id")).isNotEmpty();
    assertThat(created.body().path("memory").asInt()).isEqualTo(128);
    assertThat(created.body().path("latestVersion").isNull()).isTrue();
  }

  @Test
  void everything_wrong_with_a_request_is_said_at_once() {
    RestFixture.Answer refused =
        api.post(
            "/functions",
            Map.of("name", "no spaces", "runtime", "nodejs22.x", "memory", 64, "timeout", 901));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
    assertThat(refused.body().path("errors").findValuesAsString("field"))
        .containsExactly("name", "memory", "timeout");
    assertThat(refused.body().path("errors").path(1).path("message").asString())
        .isEqualTo("memory must be 128 to 10240 MB, was 64");
    assertThat(refused.body().path("requestId").asString())
        .isEqualTo(refused.header("X-Request-Id"));
  }

  @Test
  void unknown_members_are_refused_by_name() {
    RestFixture.Answer refused =
        api.post("/functions", Map.of("name", "hello", "runtime", "nodejs22.x", "tenantId", 1));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("UnknownMember");
    assertThat(refused.body().path("detail").asString()).contains("tenantId");
  }

  @Test
  void broken_json_is_refused_with_line_and_column() {
    RestFixture.Answer refused = api.post("/functions", "{\n  \"name\": hello\n}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("InvalidJson");
    assertThat(refused.body().path("line").asInt()).isEqualTo(2);
    assertThat(refused.body().path("column").asInt()).isPositive();
  }

  @Test
  void what_cannot_be_honoured_here_is_refused() {
    assertThat(
            api.post("/functions", Map.of("name", "a", "runtime", "cobol85"))
                .body()
                .path("detail")
                .asString())
        .contains("cobol85")
        .contains("nodejs22.x, python3.11");
    assertThat(
            api.post(
                    "/functions",
                    Map.of("name", "a", "runtime", "nodejs22.x", "architecture", "arm64"))
                .body()
                .path("detail")
                .asString())
        .contains("arm64")
        .contains("x86_64");
    assertThat(
            api.post("/functions", Map.of("name", "a", "runtime", "nodejs22.x", "memory", 8192))
                .body()
                .path("detail")
                .asString())
        .contains("4096 MB");
    assertThat(
            api.post(
                    "/functions",
                    Map.of("name", "a", "runtime", "nodejs22.x", "isolation", "gvisor"))
                .body()
                .path("detail")
                .asString())
        .isEqualTo("isolation gvisor is not available here: there is no runsc");
  }

  @Test
  void how_it_is_run_has_usual_values_and_is_frozen_with_a_version() {
    JsonNode created = api.createHello().body();
    assertThat(created.path("isolation").asString()).isEqualTo("container");
    assertThat(created.path("sandboxConcurrency").asInt()).isEqualTo(1);
    assertThat(created.path("onDisconnect").asString()).isEqualTo("finish");
    api.post("/functions/hello/versions", "{}");

    RestFixture.Answer changed =
        api.patch(
            "/functions/hello",
            Map.of("sandboxConcurrency", 10, "onDisconnect", "cancel"),
            "If-Match",
            "*");

    assertThat(changed.body().path("sandboxConcurrency").asInt()).isEqualTo(10);
    assertThat(changed.body().path("onDisconnect").asString()).isEqualTo("cancel");
    assertThat(changed.body().path("draftDiffers").asBoolean()).isTrue();
    JsonNode version = api.get("/functions/hello/versions/1").body();
    assertThat(version.path("sandboxConcurrency").asInt()).isEqualTo(1);
    assertThat(version.path("onDisconnect").asString()).isEqualTo("finish");
    JsonNode restored = api.post("/functions/hello/versions/1/restore", "{}").body();
    assertThat(restored.path("sandboxConcurrency").asInt()).isEqualTo(1);
    assertThat(restored.path("onDisconnect").asString()).isEqualTo("finish");
  }

  @Test
  void how_it_is_run_is_checked_all_at_once() {
    api.createHello();

    RestFixture.Answer refused =
        api.patch(
            "/functions/hello",
            Map.of("isolation", "wall", "sandboxConcurrency", 101, "onDisconnect", "cry"),
            "If-Match",
            "*");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().path("errors").findValuesAsString("message"))
        .containsExactly(
            "isolation must be container or gvisor, was \"wall\"",
            "sandboxConcurrency must be 1 to 100 invocations, was 101",
            "onDisconnect must be finish or cancel, was \"cry\"");
  }

  @Test
  void code_is_saved_and_read_back_as_it_was_text_or_not() {
    api.createHello();
    byte[] binary = {0, 1, 2, (byte) 0xff};
    RestFixture.Answer saved =
        api.put(
            "/functions/hello/code",
            Map.of(
                "files",
                Map.of(
                    "index.js",
                    "exports.handler = async () => 'grüß';",
                    "lib/data.bin",
                    Map.of(
                        "content",
                        Base64.getEncoder().encodeToString(binary),
                        "encoding",
                        "base64",
                        "executable",
                        true))),
            "If-Match",
            "\"1\"");
    assertThat(saved.status()).isEqualTo(200);
    assertThat(saved.header("ETag")).isEqualTo("\"2\"");

    JsonNode files = api.get("/functions/hello/code").body().path("files");
    assertThat(files.findValuesAsString("path")).containsExactly("index.js", "lib/data.bin");
    assertThat(files.path(0).path("content").asString()).contains("grüß");
    assertThat(files.path(0).path("encoding").asString()).isEqualTo("utf-8");
    assertThat(files.path(1).path("encoding").asString()).isEqualTo("base64");
    assertThat(files.path(1).path("executable").asBoolean()).isTrue();
    assertThat(Base64.getDecoder().decode(files.path(1).path("content").asString()))
        .isEqualTo(binary);
  }

  @Test
  void a_file_of_the_draft_is_kept_by_its_sha256() {
    api.createHello();
    JsonNode sample = api.get("/functions/hello/code").body().path("files").path(0);

    RestFixture.Answer saved =
        api.put(
            "/functions/hello/code",
            Map.of(
                "files",
                Map.of(
                    "moved.js",
                    Map.of("sha256", sample.path("sha256").asString()),
                    "index.js",
                    "1")),
            "If-Match",
            "*");

    assertThat(saved.status()).isEqualTo(200);
    JsonNode files = api.get("/functions/hello/code").body().path("files");
    assertThat(files.path(1).path("path").asString()).isEqualTo("moved.js");
    assertThat(files.path(1).path("content").asString())
        .isEqualTo(sample.path("content").asString());
  }

  @Test
  void a_downloaded_zip_can_be_uploaded_and_is_the_same_code() throws Exception {
    api.createHello();
    String sha256 = api.get("/functions/hello").body().path("codeSha256").asString();
    RestFixture.Answer zip = api.get("/functions/hello/code", "Accept", "application/zip");
    assertThat(zip.header("Content-Disposition")).contains("hello.zip");

    RestFixture.Answer saved =
        api.put(
            "/functions/hello/code", zip.response().getContentAsByteArray(), "If-Match", "\"1\"");

    assertThat(saved.status()).isEqualTo(200);
    assertThat(saved.body().path("codeSha256").asString()).isEqualTo(sha256);
  }

  @Test
  void an_edit_says_what_it_was_made_from_or_is_refused() {
    api.createHello();
    assertThat(api.put("/functions/hello/code", Map.of("files", Map.of("a", "b"))).status())
        .isEqualTo(428);
    assertThat(api.patch("/functions/hello", Map.of("memory", 256)).status()).isEqualTo(428);

    assertThat(api.patch("/functions/hello", Map.of("memory", 256), "If-Match", "\"1\"").status())
        .isEqualTo(200);
    RestFixture.Answer late =
        api.patch("/functions/hello", Map.of("memory", 512), "If-Match", "\"1\"");
    assertThat(late.status()).isEqualTo(412);
    assertThat(late.code()).isEqualTo("RevisionMismatch");
    assertThat(late.body().path("revision").asInt()).isEqualTo(2);
    assertThat(late.body().path("updatedBy").asString()).isEqualTo("test key");
    assertThat(late.body().path("updatedAt").asString()).endsWith("Z");
  }

  @Test
  void paths_that_lead_out_of_the_bundle_are_refused() {
    api.createHello();
    RestFixture.Answer refused =
        api.put(
            "/functions/hello/code",
            Map.of("files", Map.of("../../etc/passwd", "x")),
            "If-Match",
            "*");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().path("detail").asString()).contains("../../etc/passwd");
  }

  @Test
  void versions_are_published_listed_read_and_restored() {
    api.createHello();
    assertThat(api.post("/functions/hello/versions", Map.of("note", "first")).status())
        .isEqualTo(201);
    assertThat(api.post("/functions/hello/versions", Map.of()).status()).isEqualTo(200);
    api.patch("/functions/hello", Map.of("timeout", 30), "If-Match", "*");
    assertThat(api.get("/functions/hello").body().path("draftDiffers").asBoolean()).isTrue();
    assertThat(api.post("/functions/hello/versions", Map.of()).body().path("number").asInt())
        .isEqualTo(2);

    JsonNode list = api.get("/functions/hello/versions").body().path("items");
    assertThat(list.findValues("number").stream().map(JsonNode::asInt)).containsExactly(2, 1);
    assertThat(api.get("/functions/hello/versions/1").body().path("note").asString())
        .isEqualTo("first");
    assertThat(api.get("/functions/hello/versions/3").code()).isEqualTo("VersionNotFound");
    assertThat(
            api.get("/functions/hello/versions/1/code").body().path("files").path(0).path("path"))
        .hasToString("\"index.js\"");

    RestFixture.Answer restored = api.post("/functions/hello/versions/1/restore", Map.of());
    assertThat(restored.body().path("timeout").asInt()).isEqualTo(3);
    assertThat(restored.header("ETag")).isEqualTo("\"3\"");
  }

  @Test
  void aliases_are_created_moved_and_deleted() {
    api.createHello();
    api.post("/functions/hello/versions", Map.of());
    assertThat(api.post("/functions/hello/aliases", Map.of("name", "live", "version", 2)).code())
        .isEqualTo("VersionNotFound");
    RestFixture.Answer created =
        api.post("/functions/hello/aliases", Map.of("name", "live", "version", 1));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(api.post("/functions/hello/aliases", Map.of("name", "live", "version", 1)).code())
        .isEqualTo("AliasExists");

    api.patch("/functions/hello", Map.of("timeout", 30), "If-Match", "*");
    api.post("/functions/hello/versions", Map.of());
    RestFixture.Answer split =
        api.put(
            "/functions/hello/aliases/live",
            Map.of("version", 1, "additionalVersion", Map.of("version", 2, "weight", 0.25)),
            "If-Match",
            "\"1\"");
    assertThat(split.status()).isEqualTo(200);
    assertThat(split.body().path("additionalVersion").path("weight").asDouble()).isEqualTo(0.25);
    assertThat(
            api.put("/functions/hello/aliases/live", Map.of("version", 2), "If-Match", "\"1\"")
                .status())
        .isEqualTo(412);

    assertThat(api.delete("/functions/hello/aliases/live", "If-Match", "\"2\"").status())
        .isEqualTo(204);
    assertThat(api.get("/functions/hello/aliases/live").code()).isEqualTo("AliasNotFound");
  }

  @Test
  void test_events_keep_their_text() {
    api.createHello();
    String text = "{\n  \"name\" : \"Alice\"\n}";
    assertThat(api.put("/functions/hello/test-events/Alice", Map.of("event", text)).status())
        .isEqualTo(200);
    assertThat(api.get("/functions/hello/test-events/Alice").body().path("event").asString())
        .isEqualTo(text);
    RestFixture.Answer broken =
        api.put("/functions/hello/test-events/Alice", Map.of("event", "{\n oops"));
    assertThat(broken.status()).isEqualTo(400);
    assertThat(broken.body().path("detail").asString()).contains("line 2");
    assertThat(api.delete("/functions/hello/test-events/Alice").status()).isEqualTo(204);
    assertThat(api.get("/functions/hello/test-events/Alice").status()).isEqualTo(404);
  }

  @Test
  void a_deleted_function_is_gone_until_it_is_taken_back() {
    api.createHello();
    api.post("/functions/hello/versions", Map.of("note", "kept"));
    assertThat(api.delete("/functions/hello").status()).isEqualTo(204);
    assertThat(api.get("/functions/hello").code()).isEqualTo("FunctionNotFound");
    assertThat(api.get("/functions").body().path("items").size()).isZero();

    assertThat(api.get("/deleted-functions").body().path("items").path(0).path("name").asString())
        .isEqualTo("hello");
    assertThat(api.post("/deleted-functions/hello/undelete", Map.of()).status()).isEqualTo(200);
    assertThat(api.get("/functions/hello/versions/1").body().path("note").asString())
        .isEqualTo("kept");
  }

  @Test
  void the_list_is_paged_without_gaps_and_searched() {
    for (int i = 0; i < 5; i++) {
      api.post("/functions", Map.of("name", "fn_" + i, "runtime", "nodejs22.x"));
    }
    JsonNode first = api.get("/functions?limit=3").body();
    assertThat(first.path("items").findValuesAsString("name"))
        .containsExactly("fn_4", "fn_3", "fn_2");
    JsonNode second =
        api.get("/functions?limit=3&cursor=" + first.path("nextCursor").asString()).body();
    assertThat(second.path("items").findValuesAsString("name")).containsExactly("fn_1", "fn_0");
    assertThat(second.path("nextCursor").isNull()).isTrue();
    assertThat(api.get("/functions?q=_3").body().path("items").findValuesAsString("name"))
        .containsExactly("fn_3");
    assertThat(api.get("/functions?cursor=nonsense").status()).isEqualTo(400);
  }

  @Test
  void another_tenant_sees_nothing() {
    api.createHello();
    api.post("/functions/hello/versions", Map.of());
    RestFixture other = new RestFixture(mvc, json, FunctionsFixture.newTenant(jdbc));

    for (String path :
        new String[] {
          "", "/code", "/versions", "/versions/1", "/versions/1/code", "/aliases", "/test-events"
        }) {
      RestFixture.Answer answer = other.get("/functions/hello" + path);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.code()).isEqualTo("FunctionNotFound");
    }
  }

  @Test
  void errors_of_the_web_layer_are_problems_too() {
    assertThat(api.get("/nothing").code()).isEqualTo("NotFound");
    RestFixture.Answer method = api.put("/functions", Map.of());
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.header("Allow")).contains("GET").contains("POST");
    api.createHello();
    RestFixture.Answer type =
        api.put("/functions/hello/code", "x", "If-Match", "*", "Content-Type", "text/plain");
    assertThat(type.status()).isEqualTo(415);
    assertThat(api.get("/functions/hello", "Accept", "image/png").status()).isEqualTo(406);
    assertThat(api.get("/functions?limit=many").body().path("detail").asString())
        .contains("limit")
        .contains("many");
    assertThat(api.post("/functions", "").code()).isEqualTo("RequestBodyMissing");
    assertThat(api.post("/functions", "{\"files\":{\"a\":" + "[".repeat(100_000)).code())
        .isEqualTo("InvalidJson");
  }
}
