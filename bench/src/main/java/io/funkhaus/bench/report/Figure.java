package io.funkhaus.bench.report;

import org.jspecify.annotations.Nullable;

/**
 * One figure with a goal: a row of the first table.
 *
 * @param dream null when there is nothing beyond the goal
 */
public record Figure(String what, String measured, Bound reach, @Nullable Bound dream, Mark mark) {

  public static Figure of(
      String what, double value, String measured, Bound reach, @Nullable Bound dream) {
    return new Figure(what, measured, reach, dream, mark(value, reach, dream));
  }

  /** The same figure where calls failed: missed, however good it looks. */
  public Figure spoilt(String reason) {
    return new Figure(what, measured + "; " + reason, reach, dream, Mark.MISSED);
  }

  static Mark mark(double value, Bound reach, @Nullable Bound dream) {
    if (!reach.holds(value)) {
      return Mark.MISSED;
    }
    if (dream != null && dream.holds(value)) {
      return Mark.DREAM;
    }
    return reach.equals(Bound.NONE) ? Mark.MEASURED : Mark.REACHED;
  }
}
