package io.funkhaus.bench.measure;

import io.funkhaus.bench.host.Peer;
import io.funkhaus.bench.load.Wrk;
import io.funkhaus.bench.report.Bars;
import io.funkhaus.bench.report.Bound;
import io.funkhaus.bench.report.Chart;
import io.funkhaus.bench.report.Figure;
import io.funkhaus.bench.report.Section;
import io.funkhaus.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The same greeting from four servers, by turns, at 1, 16 and 64 connections. */
public final class WarmCalls implements Measurement {
  private static final String FUNKHAUS = "Funkhaus";
  private static final String BARE = "bare Node.js";
  private static final String FRAMEWORK = "functions-framework";
  private static final String WORKERD = "workerd";
  private static final List<Integer> CONNECTIONS = List.of(1, 16, 64);

  @Override
  public String name() {
    return "warm";
  }

  @Override
  public String title() {
    return "Warm calls";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(8);
  }

  private record Cell(String server, int connections) {}

  /** Medians over the rounds. */
  private record Medians(double perSecond, double p50, double p99, long failures) {}

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    List<Peer> servers = new ArrayList<>(lab.peers());
    servers.add(new Peer(FUNKHAUS, lab.workspace().url(Lab.HELLO)));
    warmUp(lab, servers);
    Map<Cell, List<Wrk.Run>> runs = new LinkedHashMap<>();
    for (int round = 1; round <= lab.scale().rounds(); round++) {
      for (int connections : CONNECTIONS) {
        for (Peer server : servers) {
          Wrk.Run run = lab.wrk().run(server.url(), connections, lab.scale().warm());
          runs.computeIfAbsent(new Cell(server.name(), connections), cell -> new ArrayList<>())
              .add(run);
          lab.say(
              "round %d of %d, %d connections, %s: %s/s, p50 %s, p99 %s"
                  .formatted(
                      round,
                      lab.scale().rounds(),
                      connections,
                      server.name(),
                      Text.number(run.perSecond()),
                      Text.millis(run.p50Millis()),
                      Text.millis(run.p99Millis())));
        }
      }
    }
    Map<Cell, Medians> medians = new LinkedHashMap<>();
    runs.forEach((cell, list) -> medians.put(cell, medians(list)));
    return section(lab, medians, runs);
  }

  /** The JVM compiles what is hot; it takes it some ten thousand calls, and Node.js fewer. */
  private static void warmUp(Lab lab, List<Peer> servers) throws IOException, InterruptedException {
    for (Peer server : servers) {
      boolean jvm = server.name().equals(FUNKHAUS);
      lab.say("warming up " + server.name());
      Duration time = lab.scale().warm().multipliedBy(jvm ? 2 : 1);
      lab.wrk().run(server.url(), 16, time);
      if (jvm) {
        lab.wrk().run(server.url(), 64, time);
      }
    }
  }

  private static Medians medians(List<Wrk.Run> runs) {
    return new Medians(
        median(runs, Wrk.Run::perSecond),
        median(runs, Wrk.Run::p50Millis),
        median(runs, Wrk.Run::p99Millis),
        runs.stream().mapToLong(Wrk.Run::failures).sum());
  }

  private static double median(List<Wrk.Run> runs, ToDoubleFunction<Wrk.Run> figure) {
    return runs.stream()
        .sorted(Comparator.comparingDouble(figure))
        .mapToDouble(figure)
        .toArray()[(runs.size() - 1) / 2];
  }

  private static Section section(Lab lab, Map<Cell, Medians> medians, Map<Cell, List<Wrk.Run>> runs)
      throws IOException {
    Medians one = of(medians, FUNKHAUS, 1);
    Medians sixteen = of(medians, FUNKHAUS, 16);
    Medians many = of(medians, FUNKHAUS, 64);
    long failures = one.failures() + sixteen.failures() + many.failures();
    if (failures > 0) {
      throw new IOException(failures + " calls of Funkhaus failed");
    }
    double bare = one.p50() / of(medians, BARE, 1).p50();
    double framework = sixteen.perSecond() / of(medians, FRAMEWORK, 16).perSecond();
    double workerd = sixteen.perSecond() / of(medians, WORKERD, 16).perSecond();
    double kept = many.perSecond() / sixteen.perSecond();
    double workerdInFrameworks =
        of(medians, WORKERD, 16).perSecond() / of(medians, FRAMEWORK, 16).perSecond();
    List<Figure> figures =
        List.of(
            Figure.of(
                "warm, 1 connection, p50 against bare Node.js",
                bare,
                "%s (%s)".formatted(Text.ratio(bare), Text.millis(one.p50())),
                Bound.atMost(2.3, "2.3×"),
                Bound.atMost(1.8, "1.8×")),
            Figure.of(
                "warm, 16 connections, requests/s against functions-framework",
                framework,
                "%s, %s workerd (%s/s)"
                    .formatted(
                        Text.ratio(framework),
                        Text.ratio(workerd),
                        Text.number(sixteen.perSecond())),
                Bound.atLeast(2, "2×"),
                Bound.atLeast(workerdInFrameworks, "workerd")),
            Figure.of(
                "warm, 64 connections, requests/s against own figure at 16",
                kept,
                "%s (%s/s)".formatted(Text.percent(kept), Text.number(many.perSecond())),
                Bound.atLeast(0.9, "90 %"),
                Bound.atLeast(1, "100 %")),
            Figure.of(
                "warm, 64 connections, p99",
                many.p99(),
                Text.millis(many.p99()),
                Bound.atMost(60, "60 ms"),
                Bound.atMost(25, "25 ms")));
    return new Section(
        "warm", "Warm calls", figures, text(lab, medians), charts(medians), raw(medians, runs));
  }

  private static Medians of(Map<Cell, Medians> medians, String server, int connections)
      throws IOException {
    Medians found = medians.get(new Cell(server, connections));
    if (found == null) {
      throw new IOException(server + " was not measured");
    }
    return found;
  }

  private static String text(Lab lab, Map<Cell, Medians> medians) {
    Table table = new Table("server", "connections", "requests/s", "p50", "p99", "failed");
    medians.forEach((cell, median) ->
        table.row(
            cell.server(),
            Integer.toString(cell.connections()),
            Text.number(median.perSecond()),
            Text.millis(median.p50()),
            Text.millis(median.p99()),
            Long.toString(median.failures())));
    return table.markdown()
        + """

        `POST {"name":"Alice"}`, answered with `"Hello, Alice!"` (checked before the run). wrk with one thread, kept-alive connections, the same
        request bytes for all; %d runs of %d s for each cell, servers and connections by turns, the median of the runs. wrk runs on the same two
        cores as the server it measures, so all figures are lower than those of a server alone; it is the same for all four.

        * **bare Node.js**: `http.createServer` that reads the body, parses it and answers. No routing, no isolation, no limits, no record.
        * **functions-framework**: the same function in Google's npm package, as Cloud Run functions run it inside of their containers.
        * **workerd**: the same in Cloudflare's runtime, one worker.
        * **Funkhaus**: its whole public path: HTTP, API key, quotas, the function in its own hardened container, log, durable record of each call.
        """
            .formatted(lab.scale().rounds(), lab.scale().warm().toSeconds());
  }

  private static List<Chart> charts(Map<Cell, Medians> medians) {
    Bars throughput = new Bars("Warm calls: requests per second, more is better", "/s", 0);
    Bars latency = new Bars("Warm calls, one connection: median, less is better", "ms", 3);
    latency.group("");
    for (int connections : CONNECTIONS) {
      throughput.group(connections + (connections == 1 ? " connection" : " connections"));
      medians.forEach((cell, median) -> {
        if (cell.connections() == connections) {
          throughput.bar(cell.server(), median.perSecond(), series(cell.server()));
        }
      });
    }
    medians.forEach((cell, median) -> {
      if (cell.connections() == 1) {
        latency.bar(cell.server(), median.p50(), series(cell.server()));
      }
    });
    return List.of(throughput.chart("warm-throughput.svg"), latency.chart("warm-latency.svg"));
  }

  private static int series(String server) {
    return switch (server) {
      case FUNKHAUS -> 0;
      case BARE -> 1;
      case FRAMEWORK -> 2;
      default -> 3;
    };
  }

  private static Map<String, Object> raw(
      Map<Cell, Medians> medians, Map<Cell, List<Wrk.Run>> runs) {
    Map<String, Object> raw = new LinkedHashMap<>();
    medians.forEach((cell, median) ->
        raw.put(
            cell.server() + " " + cell.connections(),
            Map.of("median", median, "runs", runs.getOrDefault(cell, List.of()))));
    return raw;
  }
}
