package io.funkhaus.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FigureTest {
  private static final Bound REACH = Bound.atMost(2.3, "2.3×");
  private static final Bound DREAM = Bound.atMost(1.8, "1.8×");

  @Test
  void a_figure_beyond_its_goal_is_missed() {
    assertThat(Figure.mark(2.31, REACH, DREAM)).isEqualTo(Mark.MISSED);
    assertThat(Figure.mark(Double.NaN, REACH, DREAM)).isEqualTo(Mark.MISSED);
  }

  @Test
  void a_figure_at_its_goal_is_reached() {
    assertThat(Figure.mark(2.3, REACH, DREAM)).isEqualTo(Mark.REACHED);
    assertThat(Figure.mark(2.3, REACH, null)).isEqualTo(Mark.REACHED);
  }

  @Test
  void a_figure_within_the_dream_is_one() {
    assertThat(Figure.mark(1.8, REACH, DREAM)).isEqualTo(Mark.DREAM);
  }

  @Test
  void where_more_is_better_less_is_missed() {
    assertThat(Figure.mark(0.89, Bound.atLeast(0.9, "90 %"), null)).isEqualTo(Mark.MISSED);
    assertThat(Figure.mark(0.9, Bound.atLeast(0.9, "90 %"), null)).isEqualTo(Mark.REACHED);
  }

  @Test
  void what_has_no_goal_reaches_none() {
    assertThat(Figure.mark(0.25, Bound.NONE, DREAM)).isEqualTo(Mark.DREAM);
    assertThat(Figure.mark(25, Bound.NONE, DREAM)).isEqualTo(Mark.MEASURED);
  }
}
