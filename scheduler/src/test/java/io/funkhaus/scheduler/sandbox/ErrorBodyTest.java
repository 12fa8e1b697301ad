package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ErrorBodyTest {

  @Test
  void fatal_is_read_with_and_without_spaces() {
    assertThat(error("{\"errorType\":\"E\",\"fatal\":true}").fatal()).isTrue();
    assertThat(error("{\"errorType\": \"E\", \"fatal\": true}").fatal()).isTrue();
    assertThat(error("{\"errorType\":\"E\",\"fatal\":false}").fatal()).isFalse();
  }

  @Test
  void what_a_message_says_of_itself_is_not_believed() {
    ErrorBody forged =
        error("{\"errorType\":\"E\",\"errorMessage\":\"\\\"fatal\\\":true\",\"fatal\":false}");

    assertThat(forged.fatal()).isFalse();
  }

  @Test
  void the_size_of_a_response_that_was_too_large_is_read_from_its_message() {
    ErrorBody error =
        error(
            "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload size (7000000 bytes) exceeded maximum allowed payload size (6291556 bytes).\"}");

    assertThat(error.tooLarge()).isTrue();
    assertThat(error.bytes()).isEqualTo(7_000_000);
  }

  @Test
  void a_summary_is_one_short_line() {
    ErrorBody error =
        error(
            "{\"errorType\":\"Error\",\"errorMessage\":\"a \\\"b\\\"\\nc"
                + "x".repeat(999)
                + "\"}");

    assertThat(error.summary()).startsWith("Error: a \"b\" cxxx").hasSizeLessThan(310);
  }

  @Test
  void members_as_long_as_a_frame_are_read() {
    String longText = "\\n" + "x".repeat(3_000_000);
    ErrorBody error =
        error("{\"errorType\":\"" + longText + "\",\"errorMessage\":\"" + longText + "\"}");

    assertThat(error.tooLarge()).isFalse();
    assertThat(error.bytes()).isZero();
    assertThat(error.summary()).hasSizeLessThan(310);
  }

  @Test
  void a_count_that_no_number_holds_is_only_text() {
    ErrorBody error =
        error(
            "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"%s bytes\"}"
                .formatted("9".repeat(40)));

    assertThat(error.bytes()).isEqualTo(999_999_999_999_999_999L);
  }

  private static ErrorBody error(String json) {
    return new ErrorBody(json.getBytes(StandardCharsets.UTF_8));
  }
}
