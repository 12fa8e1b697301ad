package io.funkhaus.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Cumulative distributions of durations: how many of all took at most so long. */
public final class Distribution {
  private static final int LEFT = 56;
  private static final int RIGHT = 24;
  private static final int TOP = 44;
  private static final int BOTTOM = 280;

  private final String title;
  private final List<Line> lines = new ArrayList<>();

  @SuppressWarnings("ArrayRecordComponent") // points of a picture
  private record Line(String name, double[] sorted, int series) {}

  public Distribution(String title) {
    this.title = title;
  }

  /**
   * One distribution.
   *
   * @param millis sorted
   */
  public Distribution line(String name, double[] millis, int series) {
    lines.add(new Line(name, millis, series));
    return this;
  }

  public Chart chart(String file) {
    double largest =
        lines.stream().flatMapToDouble(line -> Arrays.stream(line.sorted())).max().orElse(1);
    double step = step(largest);
    double end = Math.ceil(largest / step) * step;
    Svg svg = new Svg().text(16, 26, "title", "start", title);
    for (int percent = 0; percent <= 100; percent += 25) {
      double y = BOTTOM - (BOTTOM - TOP) * percent / 100.0;
      svg.rule(LEFT, y, Svg.WIDTH - RIGHT, y, "axis");
      svg.text(LEFT - 8, y + 4, "small", "end", percent + " %");
    }
    for (double at = 0; at <= end; at += step) {
      svg.text(
          x(at, end), BOTTOM + 18, "small", "middle", String.format(Locale.ROOT, "%.0f ms", at));
    }
    double legend = LEFT;
    for (Line line : lines) {
      svg.path(path(line, end), line.series());
      svg.bar(legend, BOTTOM + 32, 14, 10, line.series());
      svg.text(legend + 20, BOTTOM + 42, "", "start", line.name());
      legend += 40 + line.name().length() * 7.5;
    }
    return new Chart(file, alternative(), svg.picture(BOTTOM + 56, title));
  }

  private static double step(double largest) {
    double step = 1;
    for (int i = 0; largest / step > 10; i++) {
      step *= i % 3 == 1 ? 2.5 : 2;
    }
    return step;
  }

  private static double x(double at, double end) {
    return LEFT + (Svg.WIDTH - LEFT - RIGHT) * at / end;
  }

  private static String path(Line line, double end) {
    StringBuilder path =
        new StringBuilder(String.format(Locale.ROOT, "M%.1f %d", x(0, end), BOTTOM));
    for (int i = 0; i < line.sorted().length; i++) {
      double y = BOTTOM - (BOTTOM - TOP) * (i + 1.0) / line.sorted().length;
      path.append(String.format(Locale.ROOT, "H%.1fV%.1f", x(line.sorted()[i], end), y));
    }
    return path.toString();
  }

  private String alternative() {
    StringBuilder text = new StringBuilder(title);
    for (Line line : lines) {
      double[] sorted = line.sorted();
      text.append(
          String.format(
              Locale.ROOT,
              "; %s: half within %.1f ms, all within %.1f ms",
              line.name(),
              sorted[(sorted.length - 1) / 2],
              sorted[sorted.length - 1]));
    }
    return text.toString();
  }
}
