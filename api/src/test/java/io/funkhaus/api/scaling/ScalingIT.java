package io.funkhaus.api.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionsFixture;
import io.funkhaus.api.function.RestFixture;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.invalidation.Invalidations;
import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.SandboxSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
class ScalingIT {
  private static final String CONCURRENCY = "/functions/hello/concurrency";
  private static final String PROVISIONED = "/functions/hello/provisioned-concurrency/";

  @Autowired private MockMvc mvc;
  @Autowired private JsonMapper json;
  @Autowired private JdbcClient jdbc;
  @Autowired private FunctionsFixture.RetiringInvoker scheduler;
  @Autowired private ScalingRows rows;
  @Autowired private FunctionTargets targets;
  @Autowired private Invalidations invalidations;

  private Caller caller;
  private RestFixture api;

  @BeforeEach
  void aTenantWithAFunction() {
    caller = FunctionsFixture.newTenant(jdbc);
    api = new RestFixture(mvc, json, caller);
    api.createHello();
  }

  private List<FunctionScaling> arranged() {
    return scheduler.arranged.getOrDefault(caller.account().value(), List.of());
  }

  private Map<String, Integer> provisionedByVersion() {
    return arranged().stream()
        .flatMap(function -> function.provisioned().entrySet().stream())
        .collect(Collectors.toMap(entry -> entry.getKey().version(), Map.Entry::getValue));
  }

  private void publish(int memory) {
    api.patch("/functions/hello", Map.of("memory", memory), "If-Match", "*");
    api.post("/functions/hello/versions", "{}");
  }

  @Test
  void a_function_has_no_share_of_its_own_at_first_and_says_what_could_be_had() {
    RestFixture.Answer found = api.get(CONCURRENCY);

    assertThat(found.header("ETag")).isEqualTo("\"0\"");
    assertThat(found.body().path("maximumConcurrency").isNull()).isTrue();
    assertThat(found.body().path("reservedConcurrency").asInt()).isZero();
    assertThat(found.body().path("workspaceLimit").asInt()).isEqualTo(10);
    assertThat(found.body().path("reservable").asInt()).isEqualTo(9);
    assertThat(arranged()).isEmpty();
  }

  @Test
  void the_scheduler_knows_a_share_when_it_is_answered() {
    RestFixture.Answer set =
        api.put(CONCURRENCY, Map.of("maximumConcurrency", 5, "reservedConcurrency", 3));

    assertThat(set.status()).isEqualTo(200);
    assertThat(set.header("ETag")).isEqualTo("\"1\"");
    assertThat(arranged()).containsExactly(new FunctionScaling("hello", 5, 3, Map.of()));

    assertThat(api.delete(CONCURRENCY, "If-Match", "\"1\"").status()).isEqualTo(204);
    assertThat(arranged()).isEmpty();
  }

  @Test
  void zero_pauses_and_is_not_the_same_as_no_limit() {
    api.put(CONCURRENCY, Map.of("maximumConcurrency", 0));

    assertThat(arranged()).containsExactly(new FunctionScaling("hello", 0, 0, Map.of()));
    assertThat(api.get(CONCURRENCY).body().path("maximumConcurrency").isNull()).isFalse();

    Map<String, Object> none = new HashMap<>();
    none.put("maximumConcurrency", null);
    api.put(CONCURRENCY, none);

    assertThat(arranged()).containsExactly(new FunctionScaling("hello", null, 0, Map.of()));
  }

  @Test
  void what_can_never_be_used_is_refused() {
    assertThat(refusal(api.put(CONCURRENCY, Map.of("maximumConcurrency", 11)))).contains("0 to 10");
    assertThat(refusal(api.put(CONCURRENCY, Map.of("maximumConcurrency", -1)))).contains("0 to 10");
    assertThat(refusal(api.put(CONCURRENCY, Map.of("reservedConcurrency", -1))))
        .contains("0 or more");
    assertThat(
            refusal(
                api.put(CONCURRENCY, Map.of("maximumConcurrency", 2, "reservedConcurrency", 3))))
        .contains("at most maximumConcurrency 2");
    assertThat(arranged()).isEmpty();
  }

  private static String refusal(RestFixture.Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    return answer.body().path("detail").asString();
  }

  @Test
  void no_more_is_reserved_than_there_is_and_the_refusal_has_the_figures() {
    api.post("/functions", Map.of("name", "other", "runtime", "nodejs22.x"));
    api.put("/functions/other/concurrency", Map.of("reservedConcurrency", 6));

    RestFixture.Answer refused = api.put(CONCURRENCY, Map.of("reservedConcurrency", 4));

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("ReservationTooLarge");
    assertThat(refused.body().path("reservable").asInt()).isEqualTo(3);
    assertThat(refused.body().path("detail").asString())
        .contains("reserve 4 of the 10")
        .contains("other functions reserve 6, and 1 stays");
    assertThat(api.put(CONCURRENCY, Map.of("reservedConcurrency", 3)).status()).isEqualTo(200);
  }

  @Test
  void a_deleted_function_reserves_nothing_and_comes_back_only_if_its_reservation_fits() {
    api.put(CONCURRENCY, Map.of("reservedConcurrency", 6));
    api.delete("/functions/hello");
    await().untilAsserted(() -> assertThat(arranged()).isEmpty());
    api.post("/functions", Map.of("name", "other", "runtime", "nodejs22.x"));
    assertThat(api.put("/functions/other/concurrency", Map.of("reservedConcurrency", 6)).status())
        .isEqualTo(200);

    RestFixture.Answer refused = api.post("/deleted-functions/hello/undelete", "{}");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("ReservationTooLarge");
    api.delete("/functions/other/concurrency");
    assertThat(api.post("/deleted-functions/hello/undelete", "{}").status()).isEqualTo(200);
    await()
        .untilAsserted(() ->
            assertThat(arranged())
                .containsExactly(new FunctionScaling("hello", null, 6, Map.of())));
  }

  @Test
  void an_edit_of_a_state_that_is_gone_is_refused() {
    api.put(CONCURRENCY, Map.of("reservedConcurrency", 1));

    assertThat(api.put(CONCURRENCY, Map.of("reservedConcurrency", 2), "If-Match", "\"0\"").status())
        .isEqualTo(412);
    assertThat(api.put(CONCURRENCY, Map.of("reservedConcurrency", 2), "If-Match", "\"1\"").status())
        .isEqualTo(200);
  }

  @Test
  void sandboxes_are_kept_ready_for_a_version_but_not_for_the_draft() {
    publish(128);

    RestFixture.Answer set = api.put(PROVISIONED + "1", Map.of("wanted", 2));

    assertThat(set.status()).isEqualTo(200);
    assertThat(set.body().path("wanted").asInt()).isEqualTo(2);
    assertThat(set.body().path("ready").asInt()).isZero();
    assertThat(set.body().path("status").asString()).isEqualTo("preparing");
    assertThat(provisionedByVersion()).isEqualTo(Map.of("1", 2));
    assertThat(api.put(PROVISIONED + "$LATEST", Map.of("wanted", 2)).status()).isEqualTo(400);
    assertThat(api.put(PROVISIONED + "2", Map.of("wanted", 2)).status()).isEqualTo(404);
    assertThat(api.put(PROVISIONED + "live", Map.of("wanted", 2)).status()).isEqualTo(404);
    assertThat(api.delete(PROVISIONED + "1").status()).isEqualTo(204);
    assertThat(api.get(PROVISIONED + "1").status()).isEqualTo(404);
    assertThat(api.delete(PROVISIONED + "1").status()).isEqualTo(404);
    assertThat(arranged()).isEmpty();
  }

  @Test
  void the_sandboxes_of_an_alias_follow_it_and_go_with_it() {
    publish(128);
    publish(256);
    api.post("/functions/hello/aliases", Map.of("name", "live", "version", 1));
    api.put(PROVISIONED + "live", Map.of("wanted", 4));
    assertThat(provisionedByVersion()).isEqualTo(Map.of("1", 4));

    api.put(
        "/functions/hello/aliases/live",
        Map.of("version", 1, "additionalVersion", Map.of("version", 2, "weight", 0.25)));
    await()
        .untilAsserted(() -> assertThat(provisionedByVersion()).isEqualTo(Map.of("1", 3, "2", 1)));

    api.delete("/functions/hello/aliases/live");
    await().untilAsserted(() -> assertThat(arranged()).isEmpty());
    JsonNode left = api.get("/functions/hello/provisioned-concurrency").body().path("items");
    assertThat(left.isEmpty()).isTrue();
  }

  @Test
  void no_more_is_kept_ready_than_limit_and_memory_allow() {
    publish(128);
    publish(2048);

    RestFixture.Answer overLimit = api.put(PROVISIONED + "1", Map.of("wanted", 11));
    assertThat(overLimit.status()).isEqualTo(409);
    assertThat(overLimit.body().path("detail").asString()).contains("may run 10 invocations");

    RestFixture.Answer overMemory = api.put(PROVISIONED + "2", Map.of("wanted", 2));
    assertThat(overMemory.status()).isEqualTo(409);
    assertThat(overMemory.body().path("detail").asString())
        .contains("2 sandboxes with 4096 MB in all")
        .contains("gives 3072 MB");
    assertThat(arranged()).isEmpty();
  }

  @Test
  void both_versions_of_a_split_alias_count_with_the_memory_they_have() {
    publish(128);
    publish(2048);
    api.post("/functions/hello/aliases", Map.of("name", "live", "version", 1));
    api.put(
        "/functions/hello/aliases/live",
        Map.of("version", 1, "additionalVersion", Map.of("version", 2, "weight", 0.5)));

    RestFixture.Answer tooLarge = api.put(PROVISIONED + "live", Map.of("wanted", 4));
    assertThat(tooLarge.status()).isEqualTo(409);
    assertThat(tooLarge.body().path("detail").asString()).contains("with 4352 MB in all");

    assertThat(api.put(PROVISIONED + "live", Map.of("wanted", 2)).status()).isEqualTo(200);
    RestFixture.Answer beside = api.put(PROVISIONED + "2", Map.of("wanted", 1));
    assertThat(beside.status()).isEqualTo(409);
    assertThat(arranged()).hasSize(1);
  }

  @Test
  void a_service_that_starts_tells_its_scheduler_and_hears_of_changes_made_elsewhere() {
    api.put(CONCURRENCY, Map.of("maximumConcurrency", 5));
    FunctionsFixture.RetiringInvoker another = new FunctionsFixture.RetiringInvoker();
    Arrangement ofAnother = new Arrangement(rows, targets, another, invalidations);
    String account = caller.account().value();

    ofAnother.start();
    try {
      assertThat(another.arranged.get(account))
          .containsExactly(new FunctionScaling("hello", 5, 0, Map.of()));

      api.put(CONCURRENCY, Map.of("maximumConcurrency", 6));

      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() ->
              assertThat(another.arranged.get(account))
                  .containsExactly(new FunctionScaling("hello", 6, 0, Map.of())));
    } finally {
      ofAnother.stop();
    }
  }

  @Test
  void what_is_kept_ready_is_the_very_thing_that_calls_run() {
    publish(128);
    api.put(PROVISIONED + "1", Map.of("wanted", 1));

    SandboxSpec called =
        targets
            .resolve(
                caller.tenant(),
                caller.account(),
                new io.funkhaus.api.function.FunctionName("hello"),
                io.funkhaus.api.function.Qualifier.parse("1"))
            .spec();

    assertThat(arranged().getFirst().provisioned()).containsOnlyKeys(called);
  }
}
