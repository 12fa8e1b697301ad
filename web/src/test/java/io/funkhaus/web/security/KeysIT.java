package io.funkhaus.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** API keys over HTTP, against the real database. */
class KeysIT {

  private static final String LISTENERS =
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'funkhaus-invalidations'";

  private final RunningService service = RunningService.shared();
  private final JdbcTemplate database = service.bean(JdbcTemplate.class);
  private final Workspace workspace = Workspace.signUp(service);
  private final HttpCaller api = workspace.api();

  @Test
  void a_key_is_shown_once_and_tells_who_calls() {
    JsonNode made = create("{\"name\":\"ci\",\"scope\":\"invoke\"}");
    String id = made.get("id").asString();

    assertThat(made.get("secret").asString()).startsWith("fk_" + id + "_").hasSize(66);
    assertThat(made.get("prefix").asString()).isEqualTo("fk_" + id);
    assertThat(made.get("createdBy").asString()).isEqualTo("full");
    HttpResponse<String> again = api.get("/api/v1/keys/" + id);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(Workspace.json(again).has("secret")).isFalse();
    assertThat(api.get("/api/v1/keys").body()).doesNotContain(made.get("secret").asString());

    JsonNode whoami = Workspace.json(withKey(made).get("/api/v1/whoami"));
    assertThat(whoami.at("/key/id").asString()).isEqualTo(id);
    assertThat(whoami.at("/key/name").asString()).isEqualTo("ci");
    assertThat(whoami.at("/key/scope").asString()).isEqualTo("invoke");
    assertThat(whoami.has("user")).isFalse();
  }

  @Test
  void a_revoked_key_is_refused_at_once_by_the_service_that_revoked_it() {
    JsonNode made = create("{\"name\":\"leaked\",\"scope\":\"full\"}");
    HttpCaller holder = withKey(made);
    assertThat(holder.get("/api/v1/whoami").statusCode()).isEqualTo(200);

    assertThat(api.delete("/api/v1/keys/" + made.get("id").asString()).statusCode()).isEqualTo(204);

    HttpResponse<String> answer = holder.get("/api/v1/whoami");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(Workspace.json(answer).get("code").asString()).isEqualTo("KeyRevoked");
    JsonNode listed = Workspace.json(api.get("/api/v1/keys/" + made.get("id").asString()));
    assertThat(listed.get("revokedAt").isNull()).isFalse();
  }

  @Test
  void a_key_revoked_by_another_service_is_refused_within_five_seconds() {
    JsonNode made = create("{\"name\":\"leaked\",\"scope\":\"full\"}");
    HttpCaller holder = withKey(made);
    assertThat(holder.get("/api/v1/whoami").statusCode()).isEqualTo(200);

    revokeElsewhere(made.get("id").asString(), true);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(holder.get("/api/v1/whoami").statusCode()).isEqualTo(401));
  }

  @Test
  void a_revocation_that_was_not_heard_because_the_line_was_cut_still_counts_within_five_seconds() {
    JsonNode made = create("{\"name\":\"leaked\",\"scope\":\"full\"}");
    HttpCaller holder = withKey(made);
    assertThat(holder.get("/api/v1/whoami").statusCode()).isEqualTo(200);

    assertThat(cutLine()).isEqualTo(1);
    revokeElsewhere(made.get("id").asString(), false);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(holder.get("/api/v1/whoami").statusCode()).isEqualTo(401));
    await().atMost(Duration.ofSeconds(30)).until(() -> lines() == 1);
  }

  @Test
  void after_the_line_was_cut_changes_are_heard_again() {
    assertThat(cutLine()).isEqualTo(1);
    await().atMost(Duration.ofSeconds(30)).until(() -> lines() == 1);
    JsonNode made = create("{\"name\":\"leaked\",\"scope\":\"full\"}");
    HttpCaller holder = withKey(made);
    assertThat(holder.get("/api/v1/whoami").statusCode()).isEqualTo(200);

    revokeElsewhere(made.get("id").asString(), true);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(holder.get("/api/v1/whoami").statusCode()).isEqualTo(401));
  }

  @Test
  void an_expired_key_is_refused() {
    String soon = Instant.now().plusSeconds(5).toString();
    JsonNode made =
        create("{\"name\":\"short\",\"scope\":\"full\",\"expiresAt\":\"" + soon + "\"}");
    HttpCaller holder = withKey(made);
    assertThat(holder.get("/api/v1/whoami").statusCode()).isEqualTo(200);

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          HttpResponse<String> answer = holder.get("/api/v1/whoami");
          assertThat(answer.statusCode()).isEqualTo(401);
          assertThat(Workspace.json(answer).get("code").asString()).isEqualTo("KeyExpired");
        });
  }

  @Test
  void wrong_keys_are_told_apart_only_as_far_as_it_helps_nobody_else() {
    String key = workspace.key();
    String wrongSecret = withChecksum(key.substring(0, 16) + "0".repeat(43));
    String wrongId = withChecksum("fk_000000000000_" + key.substring(16, 59));
    HttpResponse<String> secret = send("Bearer " + wrongSecret);
    HttpResponse<String> id = send("Bearer " + wrongId);

    assertThat(code(secret)).isEqualTo("KeyUnknown");
    assertThat(withoutRequestId(secret)).isEqualTo(withoutRequestId(id));
    assertThat(code(send("Bearer " + key.substring(0, 65) + (key.endsWith("0") ? "1" : "0"))))
        .isEqualTo("KeyMistyped");
    assertThat(code(send("Bearer " + key.substring(0, 40)))).isEqualTo("KeyMalformed");
    assertThat(code(send("Basic YWxpY2U6c2VjcmV0"))).isEqualTo("KeyMalformed");
    assertThat(send("bearer  " + key).statusCode()).isEqualTo(200);
  }

  @Test
  void a_revoked_key_with_a_wrong_secret_is_just_unknown() {
    JsonNode made = create("{\"name\":\"old\",\"scope\":\"full\"}");
    api.delete("/api/v1/keys/" + made.get("id").asString());
    String secret = made.get("secret").asString();

    HttpResponse<String> answer =
        send("Bearer " + withChecksum(secret.substring(0, 16) + "0".repeat(43)));

    assertThat(code(answer)).isEqualTo("KeyUnknown");
  }

  @Test
  void a_key_in_the_url_is_refused_with_or_without_a_session() {
    String key = workspace.key();

    for (HttpCaller caller : List.of(api, workspace.browser())) {
      for (String written : List.of(key, key.replace("_", "%5F"), key.replaceFirst("f", "%66"))) {
        HttpResponse<String> answer = caller.get("/api/v1/whoami?key=" + written);
        assertThat(answer.statusCode()).as(written).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("KeyInQuery");
        assertThat(answer.body()).doesNotContain(key);
      }
    }
  }

  @Test
  void with_a_key_the_session_does_not_count_and_none_is_made() {
    HttpResponse<String> answer =
        workspace
            .browser()
            .with("Authorization", "Bearer " + workspace.createKey("invoke"))
            .get("/api/v1/keys");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(api.get("/api/v1/whoami").headers().allValues("Set-Cookie")).isEmpty();
  }

  @Test
  void keys_of_another_workspace_do_not_exist() {
    Workspace other = Workspace.signUp(service);
    JsonNode made = create("{\"name\":\"canary-of-tenant-a\",\"scope\":\"full\"}");
    String path = "/api/v1/keys/" + made.get("id").asString();

    for (HttpCaller caller : List.of(other.api(), other.browser())) {
      assertThat(caller.get(path).statusCode()).isEqualTo(404);
      assertThat(caller.patch(path, "{\"name\":\"mine\"}").statusCode()).isEqualTo(404);
      assertThat(caller.delete(path).statusCode()).isEqualTo(404);
      assertThat(caller.get("/api/v1/keys").body()).doesNotContain("canary-of-tenant-a");
      HttpResponse<String> page = caller.get("/api/v1/keys?cursor=" + made.get("id").asString());
      assertThat(Workspace.json(page).get("items").isEmpty()).isTrue();
    }
    assertThat(withKey(made).get("/api/v1/whoami").statusCode()).isEqualTo(200);
    assertThat(Workspace.json(api.get(path)).get("name").asString())
        .isEqualTo("canary-of-tenant-a");
  }

  @Test
  void lists_are_paged_newest_first() {
    for (int i = 1; i <= 4; i++) {
      create("{\"name\":\"key " + i + "\",\"scope\":\"invoke\"}");
    }

    JsonNode first = Workspace.json(api.get("/api/v1/keys?limit=3"));
    JsonNode second =
        Workspace.json(
            api.get("/api/v1/keys?limit=3&cursor=" + first.get("nextCursor").asString()));

    assertThat(names(first)).containsExactly("key 4", "key 3", "key 2");
    assertThat(names(second)).containsExactly("key 1", "full");
    assertThat(second.get("nextCursor").isNull()).isTrue();
  }

  @Test
  void a_key_can_be_renamed_and_its_calls_carry_the_new_name() {
    JsonNode made = create("{\"name\":\"old\",\"scope\":\"full\"}");
    HttpCaller holder = withKey(made);
    holder.get("/api/v1/whoami");

    HttpResponse<String> renamed =
        api.patch("/api/v1/keys/" + made.get("id").asString(), "{\"name\":\"new\"}");

    assertThat(renamed.statusCode()).isEqualTo(200);
    assertThat(Workspace.json(holder.get("/api/v1/whoami")).at("/key/name").asString())
        .isEqualTo("new");
  }

  @Test
  void a_wrong_request_names_every_wrong_member() {
    HttpResponse<String> answer = api.post("/api/v1/keys", "{\"name\":\"\",\"scope\":\"root\"}");

    assertThat(answer.statusCode()).isEqualTo(400);
    List<String> fields = new ArrayList<>();
    Workspace.json(answer)
        .get("errors")
        .forEach(error -> fields.add(error.get("field").asString()));
    assertThat(fields).containsExactly("name", "scope");
    assertThat(answer.body()).contains("scope must be invoke or full, was root");
  }

  @Test
  void what_is_not_the_callers_to_set_is_refused() {
    Map<String, String> foreign =
        Map.of(
            "tenantId", "1",
            "id", "\"abcdefghijkl\"",
            "createdAt", "\"2020-01-01T00:00:00Z\"",
            "createdBy", "\"root\"",
            "secret", "\"mine\"",
            "revokedAt", "null");
    foreign.forEach((member, value) -> {
      HttpResponse<String> answer =
          api.post(
              "/api/v1/keys",
              "{\"name\":\"a\",\"scope\":\"invoke\",\"" + member + "\":" + value + "}");
      assertThat(answer.statusCode()).as(member).isEqualTo(400);
      assertThat(code(answer)).as(member).isEqualTo("UnknownMember");
    });
    HttpResponse<String> change =
        api.patch("/api/v1/keys/abcdefghijkl", "{\"name\":\"a\",\"scope\":\"full\"}");
    assertThat(change.statusCode()).isEqualTo(400);
  }

  @Test
  void an_expiry_in_the_past_is_refused() {
    HttpResponse<String> answer =
        api.post(
            "/api/v1/keys",
            "{\"name\":\"a\",\"scope\":\"invoke\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("expiresAt must be in the future");
  }

  @Test
  void the_last_use_is_shown_within_seconds() {
    JsonNode made = create("{\"name\":\"used\",\"scope\":\"full\"}");
    assertThat(made.get("lastUsedAt").isNull()).isTrue();

    withKey(made).get("/api/v1/whoami");

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          JsonNode key = Workspace.json(api.get("/api/v1/keys/" + made.get("id").asString()));
          assertThat(key.get("lastUsedAt").isNull()).isFalse();
          assertThat(key.get("lastUsedAddress").asString()).isEqualTo("127.0.0.1");
        });
  }

  @Test
  void the_database_holds_neither_keys_nor_passwords() {
    String secret = workspace.key().substring(16, 59);
    workspace.api().get("/api/v1/whoami");

    for (@Nullable String table : tables()) {
      for (@Nullable String row :
          database.queryForList("SELECT t::text FROM " + table + " t", String.class)) {
        assertThat(row)
            .as(table)
            .doesNotContain(secret, hex(secret), workspace.password(), hex(workspace.password()));
      }
    }
    assertThat(
            database.queryForObject(
                "SELECT password_hash FROM users WHERE email = ?", String.class, workspace.email()))
        .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
  }

  private JsonNode create(String json) {
    HttpResponse<String> answer = api.post("/api/v1/keys", json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Workspace.json(answer);
  }

  private HttpCaller withKey(JsonNode created) {
    return api.withKey(created.get("secret").asString());
  }

  private HttpResponse<String> send(String authorization) {
    return HttpCaller.anonymous(service.url())
        .with("Authorization", authorization)
        .get("/api/v1/whoami");
  }

  /** As another service of the same installation does it; without telling, as if nobody heard. */
  private void revokeElsewhere(String id, boolean told) {
    int changed = database.update("UPDATE api_keys SET revoked_at = now() WHERE id = ?", id);
    assertThat(changed).isEqualTo(1);
    if (told) {
      database.queryForList("SELECT pg_notify('funkhaus_invalidations', ?)", "api-key " + id);
    }
  }

  /** Ends the connection that listens, as a failing network would. */
  private int cutLine() {
    return database
        .queryForList(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                + " AND pid IN ("
                + LISTENERS
                + ")")
        .size();
  }

  private int lines() {
    return database.queryForList(LISTENERS).size();
  }

  private List<@Nullable String> tables() {
    return database.queryForList(
        """
        SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
        """,
        String.class);
  }

  private static List<String> names(JsonNode page) {
    List<String> names = new ArrayList<>();
    page.get("items").forEach(item -> names.add(item.get("name").asString()));
    return names;
  }

  private static String code(HttpResponse<String> answer) {
    return Workspace.json(answer).get("code").asString();
  }

  private static String withoutRequestId(HttpResponse<String> answer) {
    return answer.body().replaceAll("\"requestId\":\"[^\"]+\"", "");
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The given beginning of a key with the checksum that belongs to it. */
  private static String withChecksum(String unchecked) {
    CRC32 crc = new CRC32();
    crc.update(unchecked.getBytes(StandardCharsets.US_ASCII));
    String digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    StringBuilder checksum = new StringBuilder();
    long rest = crc.getValue();
    for (int i = 0; i < 6; i++) {
      checksum.insert(0, digits.charAt((int) (rest % 62)));
      rest /= 62;
    }
    return unchecked + "_" + checksum;
  }
}
