package io.funkhaus.api.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.function.configuration.EnvironmentVariables;
import io.funkhaus.api.function.configuration.Handler;
import io.funkhaus.api.function.configuration.MemorySize;
import io.funkhaus.api.function.configuration.Timeout;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.problem.Shown;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "ü", "a\n", "$LATEST", "a.b"})
  void a_name_with_other_characters_is_refused_and_repeated(String name) {
    assertThatThrownBy(() -> new FunctionName(name))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("1 to 64 letters")
        .hasMessageContaining(Shown.of(name));
  }

  @Test
  void a_name_has_at_most_64_characters() {
    assertThat(new FunctionName("a".repeat(64)).value()).hasSize(64);
    assertThatThrownBy(() -> new FunctionName("a".repeat(65)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void memory_and_timeout_name_their_range_and_the_value() {
    assertThatThrownBy(() -> new MemorySize(127))
        .hasMessage("memory must be 128 to 10240 MB, was 127");
    assertThatThrownBy(() -> new MemorySize(10_241)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> new Timeout(0)).hasMessage("timeout must be 1 to 900 seconds, was 0");
    assertThatThrownBy(() -> new Timeout(901)).isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "/index.handler", "../index.handler", "a/../b.c", "a\\b.c", "é.x"})
  void a_handler_names_something_inside_of_the_bundle(String handler) {
    assertThatThrownBy(() -> new Handler(handler)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void a_qualifier_is_the_draft_a_version_or_an_alias() {
    assertThat(Qualifier.parse(null)).isEqualTo(Qualifier.DRAFT);
    assertThat(Qualifier.parse("$LATEST")).isEqualTo(Qualifier.DRAFT);
    assertThat(Qualifier.parse("12")).isEqualTo(new Qualifier.Numbered(new VersionNumber(12)));
    assertThat(Qualifier.parse("live")).isEqualTo(new Qualifier.Named(new AliasName("live")));
    for (String text : new String[] {"0", "$latest", "99999999999", "a b"}) {
      assertThatThrownBy(() -> Qualifier.parse(text))
          .as(text)
          .hasMessageContaining("a version number, the name of an alias, or $LATEST");
    }
  }

  @Test
  void an_alias_is_never_a_number() {
    assertThatThrownBy(() -> new AliasName("12")).isInstanceOf(InvalidValueException.class);
    assertThat(new AliasName("12a").value()).isEqualTo("12a");
  }

  @Test
  void environment_variables_are_bounded_in_bytes() {
    assertThat(new EnvironmentVariables(Map.of("K", "ü".repeat(2047))).values()).hasSize(1);
    assertThatThrownBy(() -> new EnvironmentVariables(Map.of("K", "ü".repeat(2048))))
        .hasMessageContaining("4096 bytes")
        .hasMessageContaining("4097");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1A", "A-B", "", "_A", "AWS_REGION", "AWS_LAMBDA_RUNTIME_API", "LD_PRELOAD"})
  void bad_and_reserved_keys_are_refused(String key) {
    assertThatThrownBy(() -> new EnvironmentVariables(Map.of(key, "v")))
        .isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NODE_EXTRA_CA_CERTS", "LD_PRELOAD"})
  void a_variable_that_the_runtime_would_ignore_is_refused_with_the_way_out(String key) {
    assertThatThrownBy(() -> new EnvironmentVariables(Map.of(key, "v")))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith(key + " would be ignored")
        .hasMessageContaining("in the code");
  }

  @Test
  void a_value_with_nul_is_refused_without_being_repeated() {
    assertThatThrownBy(() -> new EnvironmentVariables(Map.of("K", "secret\0")))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("NUL")
        .hasMessageNotContaining("secret");
  }

  @Test
  void an_alias_splits_calls_by_weight() {
    AliasRouting split =
        new AliasRouting(new VersionNumber(1), new AliasRouting.Share(new VersionNumber(2), 0.25));
    assertThat(split.pick(0.2499)).isEqualTo(new VersionNumber(2));
    assertThat(split.pick(0.25)).isEqualTo(new VersionNumber(1));
    assertThat(new AliasRouting(new VersionNumber(1), null).pick(0))
        .isEqualTo(new VersionNumber(1));
  }

  @Test
  void a_split_has_two_versions_and_a_share() {
    assertThatThrownBy(() ->
            new AliasRouting(
                new VersionNumber(1), new AliasRouting.Share(new VersionNumber(1), 0.5)))
        .isInstanceOf(InvalidValueException.class);
    for (double weight : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> new AliasRouting.Share(new VersionNumber(2), weight))
          .isInstanceOf(InvalidValueException.class);
    }
  }

  @Test
  void an_etag_is_a_revision() {
    assertThat(Precondition.parse("\"7\"")).isEqualTo(Precondition.of(7));
    assertThat(Precondition.parse("W/\"7\"")).isEqualTo(Precondition.of(7));
    assertThat(Precondition.parse("*")).isEqualTo(Precondition.NONE);
    for (String text : new String[] {"7", "\"x\"", "\"1\", \"2\"", ""}) {
      assertThatThrownBy(() -> Precondition.parse(text))
          .as(text)
          .isInstanceOf(InvalidValueException.class);
    }
    assertThatThrownBy(() -> Precondition.require(null))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.status().value()).isEqualTo(428));
  }
}
