package io.funkhaus.bench.measure;

import io.funkhaus.bench.report.Section;
import io.funkhaus.bench.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JMH: what dispatch and frames cost without anything around them. */
public final class Microbenchmarks implements Measurement {
  /**
   * All there from the start: a page that is touched for the first time costs more than a frame.
   */
  private static final String HEAP = "-Xms512m -Xmx512m -XX:+AlwaysPreTouch";

  private final Duration iteration;

  public Microbenchmarks(Duration iteration) {
    this.iteration = iteration;
  }

  @Override
  public String name() {
    return "jmh";
  }

  @Override
  public String title() {
    return "Dispatch and frames alone";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(5);
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    Path results = lab.places().raw().resolve("jmh.json");
    lab.say("a JVM of its own for each benchmark");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.openjdk.jmh.Main"));
    command.addAll(
        List.of("-f", "1", "-wi", "5", "-i", "5", "-rf", "json", "-rff", results.toString()));
    command.addAll(List.of("-jvmArgsAppend", HEAP));
    command.addAll(List.of("-w", iteration.toMillis() + "ms", "-r", iteration.toMillis() + "ms"));
    lab.children().run(command, limit());
    Table table = new Table("", "threads", "ns per operation", "± (99.9 %)");
    Map<String, Object> raw = new LinkedHashMap<>();
    for (JsonNode result : new JsonMapper().readTree(Files.readString(results))) {
      String name =
          result.get("benchmark").asString().replaceAll(".*\\.([^.]+)\\.([^.]+)$", "$1.$2");
      JsonNode metric = result.get("primaryMetric");
      String error = metric.get("scoreError").asString();
      String parameters =
          result.has("params")
              ? " "
                  + result.get("params").properties().stream()
                      .map(p -> p.getKey() + " " + p.getValue().asString())
                      .toList()
              : "";
      table.row(
          "`" + name + "`" + parameters,
          result.get("threads").asString(),
          Text.decimals(metric.get("score").asDouble(), 1),
          error.equals("NaN") ? "" : Text.decimals(Double.parseDouble(error), 1));
      raw.put(
          name + parameters + " " + result.get("threads").asString(),
          metric.get("score").asDouble());
    }
    return new Section(
        "jmh",
        title(),
        List.of(),
        table.markdown()
            + "\nJMH, one fork, 5 + 5 iterations of "
            + iteration.toMillis()
            + " ms. One core has about 10⁹ ns in a second; a warm call of all goes through each of these once.\n",
        List.of(),
        raw);
  }
}
