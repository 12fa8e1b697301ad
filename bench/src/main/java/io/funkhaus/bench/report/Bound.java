package io.funkhaus.bench.report;

/**
 * What a figure is to be.
 *
 * @param direction whether less or more is better
 * @param text as it is printed, unit and all
 */
public record Bound(Direction direction, double value, String text) {

  /** Which side of the bound is the good one. */
  public enum Direction {
    AT_MOST,
    AT_LEAST
  }

  /** What everything keeps. */
  public static final Bound NONE = new Bound(Direction.AT_MOST, Double.MAX_VALUE, "–");

  public static Bound atMost(double value, String text) {
    return new Bound(Direction.AT_MOST, value, "≤ " + text);
  }

  public static Bound atLeast(double value, String text) {
    return new Bound(Direction.AT_LEAST, value, "≥ " + text);
  }

  boolean holds(double measured) {
    return switch (direction) {
      case AT_MOST -> measured <= value;
      case AT_LEAST -> measured >= value;
    };
  }
}
