package io.funkhaus.api.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.bundle.BundleDirectory;
import io.funkhaus.api.bundle.Bundles;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.alias.AliasView;
import io.funkhaus.api.function.alias.Aliases;
import io.funkhaus.api.function.configuration.ConfigurationChange;
import io.funkhaus.api.function.configuration.MemorySize;
import io.funkhaus.api.function.configuration.RunSettings;
import io.funkhaus.api.function.configuration.RuntimeName;
import io.funkhaus.api.function.draft.FunctionView;
import io.funkhaus.api.function.draft.Functions;
import io.funkhaus.api.function.draft.NewFunction;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.function.resolution.Target;
import io.funkhaus.api.function.version.PublishedVersion;
import io.funkhaus.api.function.version.Versions;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.scheduler.SandboxSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(classes = FunctionsFixture.class)
class FunctionsIT {
  private static final FunctionName HELLO = new FunctionName("hello");
  private static final RuntimeName NODE = new RuntimeName("nodejs22.x");

  @Autowired private Functions functions;
  @Autowired private Versions versions;
  @Autowired private Aliases aliases;
  @Autowired private FunctionTargets targets;
  @Autowired private Bundles bundles;
  @Autowired private BundleDirectory directory;
  @Autowired private FunctionsFixture.RetiringInvoker invoker;
  @Autowired private JdbcClient jdbc;

  private Caller caller;

  @BeforeEach
  void aTenant() {
    caller = FunctionsFixture.newTenant(jdbc);
  }

  @Test
  void a_new_function_has_the_sample_of_its_runtime_and_can_be_called() throws Exception {
    FunctionView created = functions.create(caller, NewFunction.sample(HELLO, NODE));

    assertThat(created.revision()).isEqualTo(1);
    assertThat(created.draftDiffers()).isTrue();
    Target target = resolve(Qualifier.DRAFT);
    assertThat(target.spec().handler()).isEqualTo("index.handler");
    Path code = bundles.directory(target.spec().tenant(), target.spec().code());
    assertThat(Files.readString(code.resolve("index.js"))).contains("Hello, ${name}!");
  }

  @Test
  void the_code_of_a_new_function_and_of_a_published_version_is_on_disk_before_its_first_call() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    untilOnDisk(draftOnDisk());
    functions.saveCode(
        caller,
        HELLO,
        FunctionsFixture.code(Map.of("index.js", "exports.handler = () => 'published'")),
        Precondition.of(1));
    Path code = draftOnDisk();
    assertThat(code).doesNotExist();

    versions.publish(caller, HELLO, VersionNote.NONE, Precondition.NONE);

    untilOnDisk(code);
  }

  private Path draftOnDisk() {
    return directory
        .root()
        .resolve(caller.account().value())
        .resolve(resolve(Qualifier.DRAFT).spec().code());
  }

  private static void untilOnDisk(Path code) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.exists(code.resolve("index.js")));
  }

  @Test
  void a_saved_draft_takes_effect_at_once_and_the_old_one_is_retired() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    SandboxSpec before = resolve(Qualifier.DRAFT).spec();

    functions.saveCode(
        caller,
        HELLO,
        FunctionsFixture.code(Map.of("index.js", "exports.handler = async () => 1")),
        Precondition.of(1));

    SandboxSpec after = resolve(Qualifier.DRAFT).spec();
    assertThat(after).isNotEqualTo(before);
    assertThat(after.code()).isNotEqualTo(before.code());
    assertThat(invoker.retired).contains(before).doesNotContain(after);
  }

  @Test
  void an_edit_of_an_outdated_revision_is_refused_and_says_who_was_faster() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    configure(HELLO, change -> change, Precondition.of(1));

    assertThatThrownBy(() -> configure(HELLO, change -> change, Precondition.of(1)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.status().value()).isEqualTo(412);
              assertThat(problem.properties())
                  .containsEntry("revision", 2L)
                  .containsEntry("updatedBy", "test key")
                  .containsKey("updatedAt");
            });
  }

  @Test
  void publishing_the_same_draft_twice_is_one_version() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));

    PublishedVersion first =
        versions.publish(caller, HELLO, new VersionNote("first"), Precondition.NONE);
    PublishedVersion second =
        versions.publish(caller, HELLO, new VersionNote("second"), Precondition.NONE);

    assertThat(first.isNew()).isTrue();
    assertThat(second.isNew()).isFalse();
    assertThat(second.version()).isEqualTo(first.version());
    assertThat(functions.get(caller, HELLO).draftDiffers()).isFalse();
  }

  @Test
  void an_alias_calls_its_version_until_it_is_moved() {
    functions.create(caller, NewFunction.sample(HELLO, NODE));
    versions.publish(caller, HELLO, VersionNote.NONE, Precondition.NONE);
    configure(HELLO, change -> memory(change, 256), Precondition.NONE);
    versions.publish(caller, HELLO, VersionNote.NONE, Precondition.NONE);
    AliasName live = new AliasName("live");
    AliasView created =
        aliases.create(caller, HELLO, live, new AliasRouting(new VersionNumber(1), null));
    assertThat(resolve(new Qualifier.Named(live)).spec().memoryMegabytes()).isEqualTo(128);

    aliases.move(
        caller,
        HELLO,
        live,
        new AliasRouting(new VersionNumber(2), null),
        Precondition.of(created.revision()));

    Target moved = resolve(new Qualifier.Named(live));
    assertThat(moved.version()).isEqualTo("2");
    assertThat(moved.alias()).isEqualTo(live);
    assertThat(moved.spec().memoryMegabytes()).isEqualTo(256);
  }

  private Target resolve(Qualifier qualifier) {
    return targets.resolve(caller.tenant(), caller.account(), HELLO, qualifier);
  }

  private FunctionView configure(
      FunctionName name, UnaryOperator<ConfigurationChange> change, Precondition precondition) {
    ConfigurationChange nothing =
        new ConfigurationChange(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            RunSettings.Change.NONE);
    return functions.configure(caller, name, change.apply(nothing), precondition);
  }

  private static ConfigurationChange memory(ConfigurationChange change, int megabytes) {
    return new ConfigurationChange(
        change.runtime(),
        change.handler(),
        Optional.of(new MemorySize(megabytes)),
        change.timeout(),
        change.environment(),
        change.description(),
        change.run());
  }
}
