package io.funkhaus.bench.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessStatTest {

  @Test
  void a_name_with_blanks_and_brackets_moves_no_field() {
    ProcessStat stat =
        ProcessStat.parse(
            "42 (a) b (c) S 7 42 42 0 -1 4194304 1 2 3 4 11 22 33 44 20 0 1 0 987654 1000 200\n");

    assertThat(stat).isEqualTo(new ProcessStat(42, "a) b (c", 7, 33, 77, 987654));
  }
}
