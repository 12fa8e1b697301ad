package io.funkhaus.api.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.mock.http.MockHttpInputMessage;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.orm.jpa.JpaSystemException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProblemsTest {

  @Test
  void a_body_that_is_longer_than_any_may_be_is_too_large_and_not_wrong() {
    ProblemException problem = refused(new Blanks(JsonRules.MAX_BODY_BYTES + 100_000));

    assertThat(problem.status()).isEqualTo(HttpStatus.CONTENT_TOO_LARGE);
    assertThat(problem.code()).isEqualTo("BodyTooLarge");
    assertThat(problem.detail()).contains(String.valueOf(JsonRules.MAX_BODY_BYTES));
  }

  @Test
  void json_that_is_too_deep_is_wrong_and_names_the_limit_but_no_class() {
    ProblemException problem =
        refused(new ByteArrayInputStream("[".repeat(300).getBytes(StandardCharsets.UTF_8)));

    assertThat(problem.status()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(problem.code()).isEqualTo("InvalidJson");
    assertThat(problem.detail()).contains("200").doesNotContain("StreamReadConstraints");
  }

  @Test
  void a_body_that_is_not_json_is_told_where_what_was_expected_and_what_to_do() {
    ProblemException problem = refused("{\n  \"name\": hello\n}");

    assertThat(problem.code()).isEqualTo("InvalidJson");
    assertThat(problem.detail())
        .isEqualTo(
            "The body is not JSON in line 2, column 11: hello is not a value of JSON; put text in"
                + " double quotes (\").");
    assertThat(problem.properties()).containsEntry("line", 2).containsEntry("column", 11);
  }

  @Test
  void a_body_of_white_space_is_none() {
    assertThat(refused(" \n").code()).isEqualTo("RequestBodyMissing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"memory\": "})
  void a_body_that_breaks_off_is_neither_missing_nor_wrong(String begun) {
    InputStream broken =
        new SequenceInputStream(
            new ByteArrayInputStream(begun.getBytes(StandardCharsets.UTF_8)), new BrokenOff());

    assertThat(refused(broken).code()).isEqualTo("BodyIncomplete");
  }

  @Test
  void what_follows_a_body_is_not_a_wrong_type() {
    ProblemException problem = refused("{\"memory\": 128} {}");

    assertThat(problem.code()).isEqualTo("InvalidJson");
    assertThat(problem.detail()).contains("a second value follows the first");
  }

  @Test
  void a_number_out_of_range_is_json_and_its_member_is_named() {
    ProblemException problem = refused("{\"memory\": 99999999999}");

    assertThat(problem.code()).isEqualTo("InvalidParameter");
    assertThat(problem.detail()).contains("memory is a number out of range");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"08003", "08006", "57P01", "57P02"})
  void a_rollback_that_finds_no_connection_means_that_the_database_is_away(@Nullable String state) {
    ProblemException problem = failed(new SQLException("Connection is closed", state));

    assertThat(problem.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    assertThat(problem.code()).isEqualTo("DatabaseUnavailable");
  }

  @Test
  void another_failure_of_the_database_is_ours() {
    ProblemException problem = failed(new SQLException("no such column", "42703"));

    assertThat(problem.status()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
  }

  private static ProblemException failed(SQLException cause) {
    RuntimeException between = new RuntimeException("Unable to rollback", cause);
    return Problems.of(new JpaSystemException(between), new MockHttpServletRequest());
  }

  private static ProblemException refused(String body) {
    return refused(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), Sized.class);
  }

  private static ProblemException refused(InputStream body) {
    return refused(body, JsonNode.class);
  }

  private static ProblemException refused(InputStream body, Class<?> type) {
    JsonFactoryBuilder factory = JsonFactory.builder();
    new JsonRules().boundedRequests().customize(factory);
    JsonMapper.Builder mapper = JsonMapper.builder(factory.build());
    new JsonRules().strictRequests().customize(mapper);
    JacksonException cause =
        catchThrowableOfType(JacksonException.class, () -> mapper.build().readValue(body, type));
    return Problems.of(
        new HttpMessageNotReadableException("unreadable", cause, new MockHttpInputMessage(body)),
        new MockHttpServletRequest());
  }

  private record Sized(String name, int memory) {}

  /** A body of nothing but blanks, which costs no memory. */
  private static final class Blanks extends InputStream {
    private long left;

    Blanks(long length) {
      this.left = length;
    }

    @Override
    public int read() {
      return left-- > 0 ? ' ' : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(length, left);
      Arrays.fill(bytes, offset, offset + count, (byte) ' ');
      left -= count;
      return count;
    }
  }

  /** A body whose connection is lost. */
  private static final class BrokenOff extends InputStream {
    @Override
    public int read() throws IOException {
      throw new EOFException("lost");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      throw new EOFException("lost");
    }
  }
}
