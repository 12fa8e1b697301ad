package io.funkhaus.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Horizontal bars in groups; each bar carries its name and its value as text. */
public final class Bars {
  private static final int LEFT = 190;
  private static final int RIGHT = 120;
  private static final int BAR = 18;

  private final String title;
  private final String unit;
  private final int decimals;
  private final List<Group> groups = new ArrayList<>();

  private record Bar(String name, double value, int series) {}

  private record Group(String name, List<Bar> bars) {}

  public Bars(String title, String unit, int decimals) {
    this.title = title;
    this.unit = unit;
    this.decimals = decimals;
  }

  public Bars group(String name) {
    groups.add(new Group(name, new ArrayList<>()));
    return this;
  }

  /**
   * A bar of the newest group.
   *
   * @param series colour: 0 for Funkhaus, 1 to 3 for others
   */
  public Bars bar(String name, double value, int series) {
    groups.getLast().bars().add(new Bar(name, value, series));
    return this;
  }

  public Chart chart(String file) {
    double largest =
        groups.stream().flatMap(g -> g.bars().stream()).mapToDouble(Bar::value).max().orElse(1);
    double scale = (Svg.WIDTH - LEFT - RIGHT) / Math.max(largest, 1e-9);
    Svg svg = new Svg().text(16, 26, "title", "start", title);
    int y = 44;
    for (Group group : groups) {
      if (!group.name().isEmpty()) {
        svg.text(16, y + 14, "small", "start", group.name());
        y += 22;
      }
      for (Bar bar : group.bars()) {
        svg.text(LEFT - 8, y + 14, "", "end", bar.name());
        svg.bar(LEFT, y, bar.value() * scale, BAR, bar.series());
        svg.text(LEFT + bar.value() * scale + 6, y + 14, "value", "start", value(bar.value()));
        y += BAR + 5;
      }
      y += 8;
    }
    return new Chart(file, alternative(), svg.picture(y + 6, title));
  }

  private String value(double value) {
    return String.format(Locale.ROOT, "%,." + decimals + "f %s", value, unit);
  }

  private String alternative() {
    StringBuilder text = new StringBuilder(title);
    for (Group group : groups) {
      for (Bar bar : group.bars()) {
        text.append("; ");
        text.append(group.name().isEmpty() ? "" : group.name() + ", ");
        text.append(bar.name()).append(": ").append(value(bar.value()));
      }
    }
    return text.toString();
  }
}
