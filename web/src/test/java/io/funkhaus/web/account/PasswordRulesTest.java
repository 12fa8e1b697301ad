package io.funkhaus.web.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.user.Email;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {

  private final PasswordRules rules = new PasswordRules(CommonPasswords.ofClassPath());
  private final Email email = new Email("margarethe.hollerith@example.org");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "correct horse battery",
        "xkqzvjwpfm",
        "Öl auf heißem Blech",
        "4711 und 0815 sind keine Zahlen",
        "wandering-teapot-1984"
      })
  void long_passwords_of_any_kind_of_character_are_taken(String password) {
    assertThat(rules.objection(password, email)).isEmpty();
  }

  @Test
  void nine_characters_are_too_few_and_ten_are_enough() {
    assertThat(rules.objection("xkqzvjwpf", email))
        .get()
        .asString()
        .contains("at least 10", "has 9");
    assertThat(rules.objection("xkqzvjwpfm", email)).isEmpty();
  }

  @Test
  void characters_are_counted_as_people_count_them() {
    assertThat(rules.objection("🎺🥁🎷🎸🎻🎹🪗🪘🎤", email)).get().asString().contains("has 9");
  }

  @Test
  void more_than_128_bytes_are_refused() {
    String words = "abcdefgh ijklmnop ";

    assertThat(rules.objection(words.repeat(7) + "xy", email)).isEmpty();
    assertThat(rules.objection(words.repeat(7) + "xyz", email)).get().asString().contains("129");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password123",
        "Password2024!",
        "P@ssw0rd2024",
        "qwertyuiop",
        "1q2w3e4r5t",
        "!!!dragon!!!",
        "CHRISTOPHER1990",
        "letmein12345"
      })
  void common_passwords_and_what_people_make_of_them_are_refused(String password) {
    assertThat(rules.objection(password, email)).get().asString().contains("common");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aaaaaaaaaa",
        "abcabcabcabc",
        "abababababab",
        "1234567890",
        "abcdefghijkl",
        "9876543210",
        "zyxwvutsrq",
        "password!password!",
        "1122112211"
      })
  void repeating_and_counting_is_refused(String password) {
    assertThat(rules.objection(password, email)).get().asString().contains("repeats itself");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "margarethe.hollerith@example.org",
        "Margarethe.Hollerith",
        "margarethe.hollerith99",
        "Funkhaus-2026",
        "2026funkhaus!"
      })
  void ones_own_address_and_the_name_of_the_service_are_refused(String password) {
    assertThat(rules.objection(password, email)).get().asString().contains("e-mail address");
  }

  @Test
  void the_objection_never_repeats_the_password() {
    assertThat(rules.objection("password123", email))
        .get()
        .asString()
        .doesNotContain("password123");
  }
}
