package io.funkhaus.api.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonMistakeTest {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(20)
                          .maxNumberLength(100)
                          .maxStringLength(100)
                          .maxNameLength(50)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments("{", "it ends before an object is closed by }"),
        arguments("[1", "it ends before an array is closed by ]"),
        arguments("{\"a\"", "it ends too early; a part of it is missing"),
        arguments("{\"a\":\"open", "it ends within a text; the closing double quote is missing"),
        arguments("{\"open", "it ends within a text; the closing double quote is missing"),
        arguments("{\"a\":\"\\u1", "it ends within a text; the closing double quote is missing"),
        arguments(
            "{\"a\":1,}",
            "there is }, but a name was expected after the comma; leave the comma out"),
        arguments("{a:1}", "there is a, but a name in double quotes (\") was expected"),
        arguments("{'a':1}", "there is ', but a name in double quotes (\") was expected"),
        arguments("{\"a\"=1}", "there is =, but a colon was expected after the name"),
        arguments("{\"a\":}", "there is }, but a value was expected: text in double quotes (\")"),
        arguments("[1,]", "there is ], but a value was expected: text in double quotes (\")"),
        arguments(
            "{\"a\":'b'}", "there is ', but a value was expected: text in double quotes (\")"),
        arguments("<a/>", "there is <, but a value was expected: text in double quotes (\")"),
        arguments("{\"a\":1 \"b\":2}", "there is \", but a comma or the closing } was expected"),
        arguments("[1 2]", "there is 2, but a comma or the closing ] was expected"),
        arguments("// no", "there is /, but JSON has no comments; leave it out"),
        arguments("name=Alice", "name is not a value of JSON; put text in double quotes (\")"),
        arguments("{\"a\":None}", "None is not a value of JSON; put text in double quotes (\")"),
        arguments("{\"a\":-Infinity}", "JSON has no number -Infinity; send null, or text"),
        arguments("{\"a\":01}", "a number must not begin with a superfluous 0; leave it out"),
        arguments("{\"a\":+1}", "there is +, but a number has no plus sign; leave it out"),
        arguments("{\"a\":1.}", "there is }, but a digit was expected"),
        arguments("{\"a\":-x}", "there is x, but a digit was expected"),
        arguments("1a", "there is a, but nothing may follow the value; leave it out"),
        arguments("{} {}", "a second value follows the first; send one"),
        arguments("{\"a\":1]", "there is ] where } was expected"),
        arguments("{}}", "} closes nothing; leave it out"),
        arguments(
            "{\"a\":\"\\x\"}", "\\x is not an escape of JSON; a backslash itself is written \\\\"),
        arguments("{\"a\":\"\\u12g4\"}", "there is g, but four hexadecimal digits must follow \\u"),
        arguments(
            "{\"a\":1,\"a\":2}",
            "the name a is there twice in the same object; leave one of them out"),
        arguments(
            "{\"a b\":1,\"a b\":2}",
            "a name is there twice in the same object; leave one of them out"),
        arguments(
            "{\"a\":\"1\n2\"}",
            "a text has a line break in it; write it as \\n, and close the text on its line"),
        arguments("{\"a\":\"\u0001\"}", "a text has the control character 1 in it; escape it"),
        arguments("{\u0001}", "the control character 1 stands between values; leave it out"),
        arguments(
            "{\"a\":\u00e9}",
            "a character there is not UTF-8, or stands outside of double quotes (\")"),
        arguments("[".repeat(30), "it is nested deeper than 20 levels, which are the most"),
        arguments("1".repeat(200), "a number is longer than 100 characters, which are the most"),
        arguments(quoted(200), "a text is longer than 100 characters, which are the most"),
        arguments(
            "{" + quoted(90) + ":1}", "a name is longer than 50 characters, which are the most"));
  }

  static Stream<String> texts() {
    return mistakes().map(mistake -> (String) mistake.get()[0]);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void each_mistake_is_told_in_our_words(String text, String told) {
    assertThat(JsonMistake.of(refused(text))).startsWith(told);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void nothing_is_told_about_the_parser(String text) {
    assertThat(JsonMistake.of(refused(text)))
        .doesNotContainIgnoringCase("unexpected")
        .doesNotContainIgnoringCase("token")
        .doesNotContain("Feature", "Constraints", "Source:", "code ", "`", "$");
  }

  @Test
  void a_reason_that_is_not_known_is_told_in_general_words() {
    assertThat(JsonMistake.of(new StreamReadException("Broken `parser.Thing` (code 7)")))
        .isEqualTo("what stands there is not allowed in JSON");
  }

  @Test
  void a_character_that_is_refused_for_a_reason_that_is_not_known_is_named() {
    String parser = "Unexpected character ('#' (code 35)): maybe a (non-standard) `Thing`";

    assertThat(JsonMistake.of(new StreamReadException(parser)))
        .isEqualTo(
            "there is #, which JSON does not allow there; leave it out, or put text in double"
                + " quotes (\")");
  }

  private static String quoted(int length) {
    return '"' + "x".repeat(length) + '"';
  }

  private static JacksonException refused(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return catchThrowableOfType(JacksonException.class, () -> JSON.readValue(bytes, Object.class));
  }
}
