package io.funkhaus.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table of the report; the first column is text, the others are figures. */
public final class Table {
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... head) {
    this.head = List.of(head);
  }

  public Table row(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(
          "a row of " + cells.length + " cells in a table of " + head.size());
    }
    rows.add(List.of(cells));
    return this;
  }

  public String markdown() {
    StringBuilder text = new StringBuilder(line(head));
    text.append("|---").append("|---:".repeat(head.size() - 1)).append("|\n");
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
