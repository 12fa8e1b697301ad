package io.funkhaus.api.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharesTest {

  @Test
  void a_tenth_stays_for_functions_without_a_reservation() {
    assertThat(new Shares(100).reservable(0)).isEqualTo(90);
    assertThat(new Shares(100).reservable(85)).isEqualTo(5);
  }

  @Test
  void one_stays_however_few_there_are() {
    assertThat(new Shares(5).reservable(0)).isEqualTo(4);
    assertThat(new Shares(1).reservable(0)).isZero();
  }

  @Test
  void what_was_reserved_under_a_higher_limit_leaves_nothing() {
    assertThat(new Shares(10).reservable(50)).isZero();
  }
}
