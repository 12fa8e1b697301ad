package io.funkhaus.bench.measure;

import io.funkhaus.bench.host.Workspace;
import io.funkhaus.bench.load.HttpConnection;
import io.funkhaus.bench.load.Latencies;
import io.funkhaus.bench.load.Reply;
import io.funkhaus.bench.load.Request;
import io.funkhaus.bench.report.Bound;
import io.funkhaus.bench.report.Distribution;
import io.funkhaus.bench.report.Figure;
import io.funkhaus.bench.report.Section;
import io.funkhaus.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The first call of a version that was just published, against starting Node.js at all. */
public final class FirstCalls implements Measurement {
  private static final String FUNCTION = "fresh";
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** Versions before the measured ones: what a service does all day is compiled. */
  private static final int BEFORE = 10;

  /** After everything is ready, so that the engine is at rest too. */
  private static final long PAUSE_MILLIS = 150;

  @Override
  public String name() {
    return "cold";
  }

  @Override
  public String title() {
    return "First call of a new version";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(5);
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    lab.settle();
    int half = lab.scale().processStarts() / 2;
    List<Long> starts = new ArrayList<>(processStarts(lab, half));
    List<Long> first = firstCalls(lab);
    starts.addAll(processStarts(lab, lab.scale().processStarts() - half));
    lab.workspace().delete(FUNCTION);
    return section(Latencies.of(first), Latencies.of(starts));
  }

  /** A shell starts them: the fork of a large JVM is no part of the figure. */
  private static List<Long> processStarts(Lab lab, int count)
      throws IOException, InterruptedException {
    lab.say(count + " × node -e 0");
    String script =
        "for ((i = 0; i < $2; i++)); do a=${EPOCHREALTIME/[.,]/}; \"$1\" -e 0; b=${EPOCHREALTIME/[.,]/}; echo $((b - a)); sleep 0.1; done";
    String output =
        lab.children()
            .run(
                List.of(
                    "bash",
                    "-c",
                    script,
                    "starts",
                    lab.places().peers().resolve("node").toString(),
                    "" + count),
                Duration.ofMinutes(1));
    return output.lines().map(micros -> Long.parseLong(micros) * 1000).toList();
  }

  private static List<Long> firstCalls(Lab lab) throws IOException, InterruptedException {
    Workspace workspace = lab.workspace();
    long revision = workspace.create(FUNCTION, source(-BEFORE));
    lab.requireOk(workspace.invocation(FUNCTION, ""));
    Request warm = workspace.invocation(Lab.HELLO, "");
    List<Long> nanos = new ArrayList<>();
    try (HttpConnection connection = new HttpConnection(lab.funkhaus().port(), ANSWER)) {
      for (int i = 1 - BEFORE; i <= lab.scale().firstCalls(); i++) {
        revision = workspace.save(FUNCTION, source(i), revision);
        Request request = workspace.invocation(FUNCTION, "" + workspace.publish(FUNCTION));
        lab.awaitStems(Duration.ZERO);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        connection.send(warm); // the connection and the key are known; the version is not
        long began = System.nanoTime();
        Reply reply = connection.send(request);
        long took = System.nanoTime() - began;
        if (!reply.ok() || !reply.body().equals("\"" + i + "\"")) {
          throw new IOException(
              "version " + i + " answered " + reply.status() + " " + reply.body());
        }
        if (i > 0) {
          nanos.add(took);
        }
        if (i > 0 && i % 20 == 0) {
          lab.say("%d of %d versions".formatted(i, lab.scale().firstCalls()));
        }
      }
    }
    return nanos;
  }

  private static String source(int i) {
    return "exports.handler = async () => '" + i + "';\n";
  }

  private static Section section(Latencies first, Latencies starts) {
    double process = starts.millis(50);
    double p50 = first.millis(50) / process;
    double p99 = first.millis(99) / process;
    List<Figure> figures =
        List.of(
            Figure.of(
                "first call of a new version, p50 against `node -e 0`",
                p50,
                "%s (%s)".formatted(Text.ratio(p50), Text.millis(first.millis(50))),
                Bound.atMost(0.4, "0.4×"),
                Bound.atMost(0.15, "0.15×")),
            Figure.of(
                "first call of a new version, p99 against `node -e 0`",
                p99,
                "%s (%s)".formatted(Text.ratio(p99), Text.millis(first.millis(99))),
                Bound.atMost(1.5, "1.5×"),
                Bound.atMost(0.6, "0.6×")));
    Table table = new Table("", "samples", "p50", "p90", "p99", "max");
    row(table, "first call", first);
    row(table, "`node -e 0`", starts);
    return new Section(
        "cold",
        "First call of a new version",
        figures,
        table.markdown()
            + """

            Every sample saves other code, publishes it as a new version, waits until a stem is ready and the container engine is at rest, and then times the
            first call of that version by HTTP from outside, answer included, on a connection that is open already. The answer is checked to come from the
            new code. %d such calls before the first that counts. `node -e 0` is the same Node.js binary started and ended by a shell in the same run, half of
            the samples before and half after; ratios are against its median.
            """
                .formatted(BEFORE),
        List.of(
            new Distribution("First call of a new version, and starting Node.js at all")
                .line("Funkhaus, first call", first.allMillis(), 0)
                .line("node -e 0", starts.allMillis(), 1)
                .chart("first-call.svg")),
        Map.of("firstCallMillis", first.allMillis(), "processStartMillis", starts.allMillis()));
  }

  private static void row(Table table, String what, Latencies latencies) {
    table.row(
        what,
        Integer.toString(latencies.count()),
        Text.millis(latencies.millis(50)),
        Text.millis(latencies.millis(90)),
        Text.millis(latencies.millis(99)),
        Text.millis(latencies.millis(100)));
  }
}
