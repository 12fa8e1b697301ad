package io.funkhaus.api.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.problem.InvalidValueException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvocationCursorTest {

  @Test
  void a_cursor_survives_its_text() {
    InvocationCursor cursor =
        new InvocationCursor(Instant.parse("2026-11-21T12:00:00.123456Z"), UUID.randomUUID());

    assertThat(InvocationCursor.parse(cursor.toString())).isEqualTo(cursor);
  }

  @Test
  void a_moment_before_1970_is_refused() {
    String early =
        new InvocationCursor(Instant.parse("-9999-01-01T00:00:00Z"), UUID.randomUUID()).toString();

    assertThatThrownBy(() -> InvocationCursor.parse(early))
        .isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "AAAA", "!!!!", "%"})
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> InvocationCursor.parse(text))
        .isInstanceOf(InvalidValueException.class);
  }
}
