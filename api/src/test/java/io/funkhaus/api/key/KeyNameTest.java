package io.funkhaus.api.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.problem.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyNameTest {

  @Test
  void sixty_four_characters_fit_however_many_bytes_they_are() {
    assertThat(new KeyName("😀".repeat(64)).value()).hasSize(128);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "two\nlines",
        "bell\u0007",
        "12345678901234567890123456789012345678901234567890123456789012345"
      })
  void other_names_are_refused_with_the_rule(String name) {
    assertThatThrownBy(() -> new KeyName(name))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("name must");
  }
}
