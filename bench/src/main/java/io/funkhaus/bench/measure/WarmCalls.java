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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The same greeting from four servers, by turns, at 1, 16 and 64 connections. */
public final class WarmCalls implements Measurement {
  private static final String FUNKHAUS = "Funkhaus";
  private static final String BARE = "bare Node.js";
  private static final String FRAMEWORK = "functions-framework";
  private static final String WORKERD = "workerd";
  private static final List<Integer> CONNECTIONS = List.of(1, 16, 64);

  /** A run of wrk while a server warms up. */
  private static final Duration SLICE = Duration.ofSeconds(2);

  /** After as many the JVM has compiled what a call runs through. */
  private static final long ENOUGH_CALLS = 60_000;

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

  /** A run of wrk, and the CPU time that the server took for each call. */
  private record Round(Wrk.Run run, double cpuMicros) {}

  /** Medians over the rounds. */
  private record Medians(
      double perSecond, double p50, double p99, double cpuMicros, long failures) {}

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    List<Peer> servers = new ArrayList<>(lab.peers());
    servers.add(new Peer(FUNKHAUS, lab.workspace().url(Lab.HELLO), lab.funkhaus().pid()));
    for (Peer server : servers) {
      warmUp(lab, server);
    }
    Map<Cell, List<Round>> rounds = new LinkedHashMap<>();
    for (int round = 1; round <= lab.scale().rounds(); round++) {
      for (int connections : CONNECTIONS) {
        for (Peer server : servers) {
          Round measured = measure(lab, server, connections);
          rounds
              .computeIfAbsent(new Cell(server.name(), connections), cell -> new ArrayList<>())
              .add(measured);
          Wrk.Run run = measured.run();
          lab.say(
              "round %d of %d, %d connections, %s: %s/s, p50 %s, p99 %s, CPU %s µs each"
                  .formatted(
                      round,
                      lab.scale().rounds(),
                      connections,
                      server.name(),
                      Text.number(run.perSecond()),
                      Text.millis(run.p50Millis()),
                      Text.millis(run.p99Millis()),
                      Text.number(measured.cpuMicros())));
        }
      }
    }
    Map<Cell, Medians> medians = new LinkedHashMap<>();
    rounds.forEach((cell, list) -> medians.put(cell, medians(list)));
    return section(lab, medians, rounds);
  }

  private static Round measure(Lab lab, Peer server, int connections)
      throws IOException, InterruptedException {
    double before = cpuSeconds(lab, server);
    Wrk.Run run = lab.wrk().run(server.url(), connections, lab.scale().warm());
    if (server.name().equals(FUNKHAUS)) {
      lab.awaitRecorded(); // part of its work, and nobody else's burden
    }
    double cpu = cpuSeconds(lab, server) - before;
    return new Round(run, cpu * 1e6 / Math.max(1, run.requests()));
  }

  private static double cpuSeconds(Lab lab, Peer server) throws IOException, InterruptedException {
    if (!server.name().equals(FUNKHAUS)) {
      return server.cpuSeconds();
    }
    return lab.funkhaus().cpuSeconds()
        + lab.containers().cpuSeconds("fn.instance=" + lab.funkhaus().instance());
  }

  /** The JVM compiles what is hot, and Node.js too: until the rate does not rise any more. */
  private static void warmUp(Lab lab, Peer server) throws IOException, InterruptedException {
    long until = System.nanoTime() + lab.scale().warmUp().toNanos();
    double best = 0;
    long calls = 0;
    int slices = 0;
    int withoutGain = 0;
    while ((calls < ENOUGH_CALLS || withoutGain < 3) && System.nanoTime() - until < 0) {
      Wrk.Run run = lab.wrk().run(server.url(), slices % 2 == 0 ? 16 : 64, SLICE);
      withoutGain = run.perSecond() > best * 1.05 ? 0 : withoutGain + 1;
      best = Math.max(best, run.perSecond());
      calls += run.requests();
      slices++;
    }
    lab.say(
        "%s is warm after %s calls, %s/s"
            .formatted(server.name(), Text.number(calls), Text.number(best)));
  }

  private static Medians medians(List<Round> rounds) {
    return new Medians(
        median(rounds, round -> round.run().perSecond()),
        median(rounds, round -> round.run().p50Millis()),
        median(rounds, round -> round.run().p99Millis()),
        median(rounds, Round::cpuMicros),
        rounds.stream().mapToLong(round -> round.run().failures()).sum());
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray()[(rounds.size() - 1) / 2];
  }

  private static Section section(Lab lab, Map<Cell, Medians> medians, Map<Cell, List<Round>> rounds)
      throws IOException {
    Medians one = of(medians, FUNKHAUS, 1);
    Medians sixteen = of(medians, FUNKHAUS, 16);
    Medians many = of(medians, FUNKHAUS, 64);
    long failures = one.failures() + sixteen.failures() + many.failures();
    double bare = one.p50() / of(medians, BARE, 1).p50();
    double framework = sixteen.perSecond() / of(medians, FRAMEWORK, 16).perSecond();
    double workerd = sixteen.perSecond() / of(medians, WORKERD, 16).perSecond();
    double kept = many.perSecond() / sixteen.perSecond();
    double workerdInFrameworks =
        of(medians, WORKERD, 16).perSecond() / of(medians, FRAMEWORK, 16).perSecond();
    List<Figure> figures =
        Stream.of(
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
                    Bound.atMost(25, "25 ms")))
            .map(figure -> failures == 0 ? figure : figure.spoilt(failures + " calls failed"))
            .toList();
    return new Section(
        "warm", "Warm calls", figures, text(lab, medians), charts(medians), raw(medians, rounds));
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
    Table table =
        new Table("server", "connections", "requests/s", "p50", "p99", "CPU of a call", "failed");
    medians.forEach((cell, median) ->
        table.row(
            cell.server(),
            Integer.toString(cell.connections()),
            Text.number(median.perSecond()),
            Text.millis(median.p50()),
            Text.millis(median.p99()),
            Text.number(median.cpuMicros()) + " µs",
            Long.toString(median.failures())));
    return table.markdown()
        + """

        `POST {"name":"Alice"}`, answered with `"Hello, Alice!"` (checked before the run). wrk with one thread, kept-alive connections, the same
        request bytes for all; %d runs of %d s for each cell, servers and connections by turns, the median of the runs. wrk runs on the same two
        cores as the server it measures, so all figures are lower than those of a server alone; it is the same for all four. All were warmed up until
        their rate did not rise any more. CPU of a call is what the server's processes took, without wrk: of Funkhaus the service, the sandboxes, and
        PostgreSQL until the last record was in it.

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
      Map<Cell, Medians> medians, Map<Cell, List<Round>> rounds) {
    Map<String, Object> raw = new LinkedHashMap<>();
    medians.forEach((cell, median) ->
        raw.put(
            cell.server() + " " + cell.connections(),
            Map.of("median", median, "runs", rounds.getOrDefault(cell, List.of()))));
    return raw;
  }
}
