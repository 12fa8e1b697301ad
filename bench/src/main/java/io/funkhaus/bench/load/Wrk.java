package io.funkhaus.bench.load;

import io.funkhaus.bench.host.Children;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** wrk with one thread, which is more than enough for two cores and takes the least of them. */
public final class Wrk {
  private static final String RESULT = "RESULT ";
  private static final JsonMapper JSON = new JsonMapper();

  private final Children children;
  private final Path script;
  private final String key;

  public Wrk(Children children, Path script, String key) {
    this.children = children;
    this.script = script;
    this.key = key;
  }

  /**
   * One run of wrk.
   *
   * @param failures calls without an answer, and answers of 400 or more
   */
  public record Run(
      long requests,
      double perSecond,
      double p50Millis,
      double p99Millis,
      double maxMillis,
      long failures) {}

  public Run run(String url, int connections, Duration time)
      throws IOException, InterruptedException {
    String output =
        children.output(
            List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + time.toSeconds() + "s",
                "--timeout",
                "30s",
                "-s",
                script.toString(),
                url),
            Map.of("BENCH_KEY", key),
            time.plusSeconds(40));
    String line =
        output
            .lines()
            .filter(candidate -> candidate.startsWith(RESULT))
            .findFirst()
            .orElseThrow(() -> new IOException("wrk printed no result but: " + output));
    return read(line.substring(RESULT.length()));
  }

  static Run read(String json) {
    JsonNode node = JSON.readTree(json);
    long failures = 0;
    for (String kind : List.of("connect", "read", "write", "status", "timeout")) {
      failures += node.get(kind).asLong();
    }
    long requests = node.get("requests").asLong();
    return new Run(
        requests,
        requests * 1e6 / node.get("micros").asDouble(),
        node.get("p50").asDouble() / 1e3,
        node.get("p99").asDouble() / 1e3,
        node.get("max").asDouble() / 1e3,
        failures);
  }
}
