package io.funkhaus.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {

  @Test
  void what_cannot_be_seen_is_written_out() {
    assertThat(Shown.of("a\n\u0085\u202eb")).isEqualTo("\"a\\u000a\\u0085\\u202eb\"");
  }

  @Test
  void only_what_was_cut_says_so() {
    assertThat(Shown.of("😀".repeat(120))).doesNotContain("…");
    assertThat(Shown.of("😀".repeat(121))).endsWith("…\"").contains("😀".repeat(120));
  }
}
