package io.funkhaus.api.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailTest {

  @Test
  void typed_in_whichever_case_it_is_the_same_address() {
    assertThat(Email.parse("  Alice@Example.ORG ")).contains(new Email("alice@example.org"));
  }

  @Test
  void a_letter_composed_of_two_characters_is_the_letter() {
    assertThat(Email.parse("zoe\u0308@example.org")).contains(new Email("zo\u00eb@example.org"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "alice",
        "@example.org",
        "alice@",
        "a b@example.org",
        "alice@example.org@example.net",
        "alice\u0000@example.org",
        "alice@example.org\r\nBcc: everybody@example.org"
      })
  void what_is_no_address_is_none(String typed) {
    assertThat(Email.parse(typed)).isEmpty();
  }

  @Test
  void an_address_longer_than_mail_can_carry_is_none() {
    assertThat(Email.parse("a@" + "e".repeat(252))).isPresent();
    assertThat(Email.parse("a@" + "e".repeat(253))).isEmpty();
  }

  @Test
  void an_address_that_was_not_normalised_cannot_be_made() {
    assertThatThrownBy(() -> new Email("Alice@example.org"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lower case");
  }

  @Test
  void a_password_hash_prints_nothing_and_takes_no_plain_password() {
    assertThat(new PasswordHash("$argon2id$v=19$abc").toString()).isEqualTo("****");
    assertThatThrownBy(() -> new PasswordHash("correct horse"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("correct horse");
  }
}
