package io.funkhaus.api.function.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FunctionCursorTest {
  @Test
  void a_cursor_leads_back_to_where_it_came_from() {
    FunctionCursor cursor = new FunctionCursor(Instant.parse("2026-11-21T10:00:00.123456Z"), 42);
    assertThat(FunctionCursor.parse(cursor.text())).isEqualTo(cursor);
  }
}
