package io.funkhaus.api.function.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.bundle.Bundle;
import io.funkhaus.api.bundle.BundleAddress;
import io.funkhaus.api.bundle.BundleFile;
import io.funkhaus.api.bundle.Bundles;
import io.funkhaus.api.bundle.FilePath;
import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.Scope;
import io.funkhaus.api.caller.UserId;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.AliasRouting;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.FunctionsFixture;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.VersionNote;
import io.funkhaus.api.function.VersionNumber;
import io.funkhaus.api.function.alias.Aliases;
import io.funkhaus.api.function.configuration.RuntimeName;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.function.resolution.Target;
import io.funkhaus.api.function.testevent.TestEventName;
import io.funkhaus.api.function.testevent.TestEvents;
import io.funkhaus.api.function.version.VersionView;
import io.funkhaus.api.function.version.Versions;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.tenant.Tenant;
import io.funkhaus.api.tenant.TenantCreated;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What happens at the same time, to what is old, and to what points elsewhere. */
@SpringBootTest(classes = FunctionsFixture.class)
class FunctionChangesIT {
  private static final FunctionName HELLO = new FunctionName("hello");
  private static final RuntimeName NODE = new RuntimeName("nodejs22.x");

  @Autowired private Functions functions;
  @Autowired private Versions versions;
  @Autowired private Aliases aliases;
  @Autowired private TestEvents events;
  @Autowired private FunctionTargets targets;
  @Autowired private FunctionSweeper sweeper;
  @Autowired private Bundles bundles;
  @Autowired private JdbcClient jdbc;
  @Autowired private ApplicationEventPublisher publisher;
  @Autowired private PlatformTransactionManager transactions;

  private Caller caller;

  @BeforeEach
  void aTenant() {
    caller = FunctionsFixture.newTenant(jdbc);
  }

  @Test
  void of_many_saves_of_one_revision_one_wins() throws Exception {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    List<Callable<Boolean>> saves = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String code = "exports.handler = async () => " + i;
      saves.add(() -> savedFrom(1, code));
    }
    assertThat(atOnce(saves)).containsOnlyOnce(true);
    assertThat(functions.get(caller, HELLO).revision()).isEqualTo(2);
  }

  @Test
  void of_many_creations_of_one_name_one_wins() throws Exception {
    List<Callable<Boolean>> creations = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      creations.add(() -> {
        try {
          functions.create(caller, NewFunction.sample(HELLO, NODE));
          return true;
        } catch (ProblemException e) {
          assertThat(e.code()).isEqualTo("FunctionExists");
          return false;
        }
      });
    }
    assertThat(atOnce(creations)).containsOnlyOnce(true);
  }

  @Test
  void versions_published_at_once_are_numbered_without_gaps() throws Exception {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    List<Callable<Boolean>> publications = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String code = "exports.handler = async () => " + i;
      publications.add(() -> {
        functions.saveCode(
            caller, HELLO, FunctionsFixture.code(Map.of("index.js", code)), Precondition.NONE);
        return versions.publish(caller, HELLO, VersionNote.NONE, Precondition.NONE).isNew();
      });
    }
    long published = atOnce(publications).stream().filter(isNew -> isNew).count();
    List<Integer> numbers =
        versions.list(caller, HELLO, 100, null).items().stream()
            .map(VersionView::number)
            .sorted()
            .toList();
    assertThat(numbers).hasSize((int) published).first().isEqualTo(1);
    assertThat(numbers.getLast()).isEqualTo((int) published);
  }

  @Test
  void a_call_right_after_a_save_never_runs_the_old_code() throws Exception {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    try (ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> calls =
          reader.submit(() -> {
            while (!Thread.currentThread().isInterrupted()) {
              resolved();
            }
          });
      for (int i = 0; i < 100; i++) {
        FunctionView saved =
            functions.saveCode(
                caller,
                HELLO,
                FunctionsFixture.code(Map.of("index.js", "// " + i)),
                Precondition.NONE);
        assertThat(resolved()).isEqualTo(saved.codeSha256());
      }
      calls.cancel(true);
    }
  }

  @Test
  void a_split_alias_calls_both_versions_by_their_share() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    versions.publish(caller, HELLO, VersionNote.NONE, Precondition.NONE);
    savedFrom(1, "// other");
    versions.publish(caller, HELLO, VersionNote.NONE, Precondition.NONE);
    AliasName live = new AliasName("live");
    aliases.create(
        caller,
        HELLO,
        live,
        new AliasRouting(new VersionNumber(1), new AliasRouting.Share(new VersionNumber(2), 0.2)));
    Map<String, Integer> calls = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      Target target =
          targets.resolve(caller.tenant(), caller.account(), HELLO, new Qualifier.Named(live));
      calls.merge(target.version(), 1, Integer::sum);
    }
    // Five standard deviations: one run in a million is outside.
    assertThat(calls.get("2")).isBetween(1800, 2200);
    assertThat(calls.get("1")).isBetween(7800, 8200);
  }

  @Test
  void a_new_tenant_has_a_published_sample_with_an_event_to_run_it() {
    Caller owner =
        new Caller(
            caller.tenant(),
            caller.account(),
            new Actor.User(new UserId(1), "alice@example.org"),
            Scope.FULL);
    Tenant tenant = new Tenant(caller.tenant(), caller.account(), "alice");

    new TransactionTemplate(transactions)
        .executeWithoutResult(status -> publisher.publishEvent(new TenantCreated(tenant, owner)));

    FunctionView hello = functions.get(owner, HELLO);
    assertThat(hello.runtime()).isEqualTo("nodejs22.x");
    assertThat(hello.latestVersion()).isEqualTo(1);
    assertThat(hello.draftDiffers()).isFalse();
    assertThat(events.get(owner, HELLO, new TestEventName("Alice")).event())
        .contains("\"name\": \"Alice\"");
  }

  @Test
  void a_large_bundle_survives_the_way_through_the_database() throws Exception {
    byte[] noise = new byte[3_500_000];
    new Random(7).nextBytes(noise);
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    try (Bundle large =
        Bundle.of(List.of(BundleFile.of(new FilePath("noise.bin"), false, noise)))) {
      functions.saveCode(caller, HELLO, large, Precondition.NONE);
    }

    Path directory = bundles.directory(caller.account().value(), resolved());

    assertThat(directory.resolve("noise.bin")).hasBinaryContent(noise);
    assertThat(
            jdbc.sql("SELECT count(*) FROM bundle_chunks WHERE tenant_id = ? AND sha256 = ?")
                .params(caller.tenant().value(), resolved())
                .query(Integer.class)
                .single())
        .isEqualTo(4);
  }

  @Test
  void only_code_that_nothing_refers_to_is_swept_and_only_after_the_grace() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    String first = resolved();
    versions.publish(caller, HELLO, VersionNote.NONE, Precondition.NONE);
    savedFrom(1, "// second");
    String second = resolved();
    savedFrom(2, "// third");
    String third = resolved();

    sweeper.sweep();
    assertThat(stored()).as("within the grace").contains(first, second, third);
    jdbc.sql("UPDATE bundles SET used_at = used_at - interval '2 hours'").update();
    sweeper.sweep();

    assertThat(stored()).containsExactlyInAnyOrder(first, third);
  }

  @Test
  void a_deleted_function_is_gone_for_good_after_thirty_days() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    versions.publish(caller, HELLO, VersionNote.NONE, Precondition.NONE);
    functions.delete(caller, HELLO, Precondition.NONE);
    sweeper.sweep();
    assertThat(functions.deleted(caller)).hasSize(1);

    jdbc.sql(
            "UPDATE functions SET deleted_at = deleted_at - interval '31 days' WHERE tenant_id = ?")
        .param(caller.tenant().value())
        .update();
    sweeper.sweep();

    assertThat(functions.deleted(caller)).isEmpty();
    assertThat(
            jdbc.sql("SELECT count(*) FROM versions WHERE tenant_id = ?")
                .param(caller.tenant().value())
                .query(Integer.class)
                .single())
        .isZero();
  }

  @Test
  void the_database_refuses_references_to_another_tenant() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    versions.publish(caller, HELLO, VersionNote.NONE, Precondition.NONE);
    Caller other = FunctionsFixture.newTenant(jdbc);
    functions.create(other, NewFunction.sample(HELLO, new RuntimeName("python3.11")));

    assertThatThrownBy(() ->
            jdbc.sql("UPDATE functions SET code_sha256 = ? WHERE tenant_id = ?")
                .params(resolved(), other.tenant().value())
                .update())
        .isInstanceOf(DataAccessException.class)
        .hasMessageContaining("foreign key");
    assertThatThrownBy(() ->
            jdbc.sql(
                    "INSERT INTO aliases (tenant_id, function_id, name, version, revision, updated_at, updated_by)"
                        + " SELECT ?, function_id, 'x', number, 1, now(), 'x' FROM versions WHERE tenant_id = ?")
                .params(other.tenant().value(), caller.tenant().value())
                .update())
        .isInstanceOf(DataAccessException.class)
        .hasMessageContaining("foreign key");
  }

  @Test
  void the_database_refuses_to_change_a_version() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    versions.publish(caller, HELLO, VersionNote.NONE, Precondition.NONE);
    assertThatThrownBy(() ->
            jdbc.sql("UPDATE versions SET note = 'x' WHERE tenant_id = ?")
                .param(caller.tenant().value())
                .update())
        .isInstanceOf(DataAccessException.class)
        .hasMessageContaining("immutable");
  }

  @Test
  void a_bundle_of_another_tenant_cannot_be_extracted() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    savedFrom(1, "// only mine");
    Caller other = FunctionsFixture.newTenant(jdbc);

    assertThatThrownBy(() -> bundles.directory(other.account().value(), resolved()))
        .hasMessageContaining("has no bundle");
    assertThatThrownBy(() -> bundles.manifest(other.tenant(), new BundleAddress(resolved())))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void resolving_a_function_that_was_called_before_takes_no_database() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    resolved();
    long start = System.nanoTime();
    int rounds = 200_000;
    for (int i = 0; i < rounds; i++) {
      resolved();
    }
    Duration each = Duration.ofNanos((System.nanoTime() - start) / rounds);
    System.out.println("resolve: " + each.toNanos() + " ns");
    // A round trip to the database on this machine is above 50 µs.
    assertThat(each).isLessThan(Duration.ofNanos(20_000));
  }

  private boolean savedFrom(long revision, String code) {
    try (Bundle bundle = FunctionsFixture.code(Map.of("index.js", code))) {
      functions.saveCode(caller, HELLO, bundle, Precondition.of(revision));
      return true;
    } catch (ProblemException e) {
      assertThat(e.code()).isEqualTo("RevisionMismatch");
      return false;
    }
  }

  private String resolved() {
    return targets.resolve(caller.tenant(), caller.account(), HELLO, Qualifier.DRAFT).spec().code();
  }

  private List<String> stored() {
    return jdbc.sql("SELECT sha256 FROM bundles WHERE tenant_id = ?")
        .param(caller.tenant().value())
        .query((row, number) -> row.getString("sha256"))
        .list();
  }

  private static <T> List<T> atOnce(List<Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<T> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
    }
    return results;
  }
}
