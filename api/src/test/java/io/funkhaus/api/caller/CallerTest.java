package io.funkhaus.api.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {

  @Test
  void a_key_of_scope_invoke_is_refused_where_everything_is_required() {
    Caller caller = caller(Scope.INVOKE);

    assertThatThrownBy(caller::requireFull)
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.status().value()).isEqualTo(403);
              assertThat(problem.code()).isEqualTo("ScopeTooNarrow");
            });
  }

  @Test
  void a_key_of_scope_full_is_let_through() {
    Caller caller = caller(Scope.FULL);

    assertThat(caller.requireFull()).isSameAs(caller);
  }

  @Test
  void scopes_have_words() {
    assertThat(Scope.ofWord("invoke")).contains(Scope.INVOKE);
    assertThat(Scope.ofWord("full")).contains(Scope.FULL);
    assertThat(Scope.ofWord("FULL")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "12345678901", "1234567890123", "12345678901x", "１２３４５６７８９０１２"})
  void an_account_id_is_twelve_ascii_digits(String other) {
    assertThatThrownBy(() -> new AccountId(other)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abcdefghijk", "abcdefghijklm", "abcdefghijk_", "abcdefghijké"})
  void a_key_id_is_twelve_letters_and_digits(String other) {
    assertThat(KeyId.isWellFormed(other)).isFalse();
    assertThatThrownBy(() -> new KeyId(other)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Caller caller(Scope scope) {
    return new Caller(
        new TenantId(7),
        new AccountId("123456789012"),
        new Actor.Key(new KeyId("abcdefghijkl"), "ci"),
        scope);
  }
}
