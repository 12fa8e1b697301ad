package io.funkhaus.bench.report;

import java.util.Locale;

/** An SVG picture that reads well on light and on dark pages, without scripts or outside fonts. */
final class Svg {
  static final int WIDTH = 720;

  /** The first is Funkhaus; told apart without colour by order and label as well. */
  private static final String STYLE =
      """
      <style>
      text{font:13px system-ui,sans-serif;fill:#24292f}
      .title{font-weight:600;font-size:15px}.small{font-size:12px;fill:#57606a}.value{font-variant-numeric:tabular-nums}
      .axis{stroke:#d0d7de}.s0{fill:#c2410c;stroke:#c2410c}.s1{fill:#57606a;stroke:#57606a}.s2{fill:#0969da;stroke:#0969da}.s3{fill:#1a7f64;stroke:#1a7f64}
      .line{fill:none;stroke-width:2.5}.goal{stroke:#8250df;stroke-dasharray:4 3;stroke-width:1.5}.page{fill:#fff}
      @media (prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.axis{stroke:#3d444d}.page{fill:#0d1117}
      .s0{fill:#fb923c;stroke:#fb923c}.s1{fill:#9198a1;stroke:#9198a1}.s2{fill:#4493f8;stroke:#4493f8}.s3{fill:#3fb992;stroke:#3fb992}.line{fill:none}.goal{stroke:#ab7df8}}
      </style>
      """;

  private final StringBuilder body = new StringBuilder();

  Svg text(double x, double y, String kind, String anchor, String text) {
    body.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            kind,
            anchor,
            escaped(text)));
    return this;
  }

  Svg bar(double x, double y, double width, double height, int series) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" class=\"s%d\"/>\n",
            x,
            y,
            Math.max(1, width),
            height,
            series));
    return this;
  }

  Svg rule(double x1, double y1, double x2, double y2, String kind) {
    body.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n",
            x1,
            y1,
            x2,
            y2,
            kind));
    return this;
  }

  Svg path(String path, int series) {
    body.append("<path d=\"")
        .append(path)
        .append("\" class=\"line s")
        .append(series)
        .append("\" style=\"fill:none\"/>\n");
    return this;
  }

  String picture(int height, String title) {
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
            WIDTH,
            height,
            escaped(title))
        + STYLE
        + "<rect width=\"100%\" height=\"100%\" rx=\"6\" class=\"page\"/>\n"
        + body
        + "</svg>\n";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
