package io.funkhaus.api.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.problem.ProblemException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "true",
        "0",
        "-1.5e+10",
        "\"text\"",
        " [1, {\"a\": [null, false]}, \"\\u00e9\\ud83d\\ude00\"] \n",
        "{\"a\":1,\"a\":2}",
        "\"\\ud800\""
      })
  void json_passes(String text) {
    assertThatCode(() -> JsonText.requireWellFormed(bytes(text))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "{",
        "[1,]",
        "{\"a\"}",
        "{\"a\":1,}",
        "{a:1}",
        "'a'",
        "tru",
        "01",
        "1.",
        "+1",
        ".5",
        "NaN",
        "\"open",
        "\"tab\tinside\"",
        "\"\\x\"",
        "1 2",
        "[] []",
        "[1}",
        "// no\n1",
        "name=Alice"
      })
  void what_is_not_json_is_refused(String text) {
    assertThatThrownBy(() -> JsonText.requireWellFormed(bytes(text)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> assertThat(problem.code()).isEqualTo("InvalidPayload"));
  }

  @Test
  void bytes_that_are_not_utf_8_are_refused() {
    assertThatThrownBy(
            () -> JsonText.requireWellFormed(new byte[] {'"', (byte) 0xc3, (byte) 0x28, '"'}))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void other_encodings_and_byte_order_marks_are_refused() {
    for (Charset charset :
        List.of(
            StandardCharsets.UTF_16,
            StandardCharsets.UTF_16BE,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_32BE,
            StandardCharsets.UTF_32LE)) {
      assertThatThrownBy(() -> JsonText.requireWellFormed("{\"a\":1}".getBytes(charset)))
          .as(charset.name())
          .isInstanceOf(ProblemException.class);
    }
    assertThatThrownBy(() -> JsonText.requireWellFormed(bytes("\ufeff{}")))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void depth_and_digits_have_limits() {
    assertThatThrownBy(() -> JsonText.requireWellFormed(bytes("[".repeat(100_000))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("1000");
    assertThatThrownBy(() -> JsonText.requireWellFormed(bytes("1".repeat(1_000_000))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("1000");
    assertThatCode(() -> JsonText.requireWellFormed(bytes("[".repeat(1_000) + "]".repeat(1_000))))
        .doesNotThrowAnyException();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
