package io.funkhaus.bench.report;

import java.util.List;
import java.util.Map;

/**
 * What one measurement found.
 *
 * @param name of the measurement, as {@code --only} takes it
 * @param figures those with a goal
 * @param text Markdown: what was measured, how, and the details
 * @param charts pictures
 * @param raw every number, for the JSON file
 */
public record Section(
    String name,
    String title,
    List<Figure> figures,
    String text,
    List<Chart> charts,
    Map<String, Object> raw) {

  public Section {
    figures = List.copyOf(figures);
    charts = List.copyOf(charts);
  }

  /** A measurement that came to nothing; the reason takes the place of its figures. */
  public static Section failed(String name, String title, String reason) {
    return new Section(
        name,
        title,
        List.of(),
        "**Failed:** " + reason + "\n",
        List.of(),
        Map.of("failure", reason));
  }

  public boolean isFailed() {
    return raw.containsKey("failure");
  }
}
