package io.funkhaus.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole run: Markdown, pictures and the raw numbers.
 *
 * @param date of the run
 * @param kind full or quick, and what was left out
 * @param machine what the figures depend on
 */
public record Report(
    String date, String kind, Map<String, String> machine, List<Section> sections) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public Report {
    sections = List.copyOf(sections);
  }

  /**
   * Writes the pages.
   *
   * @param page the Markdown file
   * @param images directory of the pictures, named in the page relative to it
   */
  public void write(Path page, Path images) throws IOException {
    Files.createDirectories(images);
    for (Section section : sections) {
      for (Chart chart : section.charts()) {
        Files.writeString(images.resolve(chart.file()), chart.svg());
      }
    }
    Path directory = page.toAbsolutePath().getParent();
    Files.writeString(
        page, markdown(directory == null ? images : directory.relativize(images.toAbsolutePath())));
  }

  public void writeRaw(Path file) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("date", date);
    all.put("kind", kind);
    all.put("machine", machine);
    for (Section section : sections) {
      all.put(section.name(), section.raw());
    }
    Files.writeString(file, JSON.writeValueAsString(all));
  }

  String markdown(Path images) {
    StringBuilder page = new StringBuilder();
    page.append("# Benchmarks\n\n");
    page.append(
        "Written by `./funkhaus bench`; everything here was measured in one run on one machine, load generators included.\n");
    page.append(
        "Absolute figures change with the machine, the ratios less so. To repeat it: `./funkhaus bench` (about 20 minutes), or\n");
    page.append("`./funkhaus bench --quick` (about 3). Use a machine that does nothing else.\n\n");
    page.append("Run of ").append(date).append(", ").append(kind).append(".\n\n");
    page.append("| | |\n|---|---|\n");
    machine.forEach(
        (name, value) -> page.append("| ").append(name).append(" | ").append(value).append(" |\n"));
    page.append("\n## Goals\n\n").append(goals());
    for (Section section : sections) {
      page.append("\n## ").append(section.title()).append("\n\n");
      for (Chart chart : section.charts()) {
        page.append("![")
            .append(chart.alternative())
            .append("](")
            .append(images.resolve(chart.file()))
            .append(")\n\n");
      }
      page.append(section.text());
    }
    return page.toString();
  }

  private String goals() {
    Table table = new Table("figure", "measured", "reach", "dream", "");
    for (Section section : sections) {
      if (section.isFailed()) {
        table.row(section.title(), "see below", "", "", Mark.FAILED.toString());
      }
      for (Figure figure : section.figures()) {
        Bound dream = figure.dream();
        table.row(
            figure.what(),
            figure.measured(),
            figure.reach().text(),
            dream == null ? "" : dream.text(),
            figure.mark().toString());
      }
    }
    return table.markdown();
  }

  /** The goals as lines of a terminal. */
  public String summary() {
    StringBuilder text = new StringBuilder();
    for (Section section : sections) {
      if (section.isFailed()) {
        text.append(
            String.format(
                "  %-9s  %s: %s%n", "failed", section.title(), section.raw().get("failure")));
      }
      for (Figure figure : section.figures()) {
        text.append(
            String.format(
                "  %-9s  %s: %s (%s)%n",
                figure.mark(), figure.what(), figure.measured(), figure.reach().text()));
      }
    }
    return text.toString();
  }
}
