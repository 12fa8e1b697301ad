package io.funkhaus.bench.measure;

import io.funkhaus.bench.load.Answered;
import io.funkhaus.bench.load.Latencies;
import io.funkhaus.bench.load.Load;
import io.funkhaus.bench.load.Request;
import io.funkhaus.bench.report.Bars;
import io.funkhaus.bench.report.Bound;
import io.funkhaus.bench.report.Figure;
import io.funkhaus.bench.report.Section;
import io.funkhaus.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A tenant that calls calmly, alone and beside one that floods the platform. */
public final class NoisyTenant implements Measurement {
  private static final double CALM_PER_SECOND = 50;
  private static final int FLOODERS = 64;
  private static final double SLEEP_SLOT_MILLIS = 200;
  private static final double WORK_SLOT_MILLIS = 20;
  private static final Duration LEAD = Duration.ofSeconds(5);
  private static final String WORK_SOURCE =
      "exports.handler = async () => { const end = performance.now() + 20; while (performance.now() < end); return 'worked'; };\n";

  @Override
  public String name() {
    return "noisy";
  }

  @Override
  public String title() {
    return "A noisy tenant";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(4);
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    Request calm = lab.neighbour().invocation(Lab.HELLO, "");
    lab.workspace().create("sleeper", Lab.SLEEP_SOURCE);
    lab.workspace().create("worker", WORK_SOURCE);
    Load.closed(calm, 4, Duration.ofSeconds(3));
    lab.settle();
    lab.say("the quiet tenant alone");
    Latencies alone = calls(Load.open(calm, CALM_PER_SECOND, lab.scale().overload()));
    Latencies besideSleep = beside(lab, calm, "sleeper");
    Latencies besideWork = beside(lab, calm, "worker");
    lab.workspace().delete("sleeper");
    lab.workspace().delete("worker");
    return section(alone, besideSleep, besideWork);
  }

  private static Latencies beside(Lab lab, Request calm, String flooded)
      throws IOException, InterruptedException {
    Duration time = lab.scale().overload();
    lab.say("beside %d callers of another tenant's %s".formatted(FLOODERS, flooded));
    Request flood = lab.workspace().invocation(flooded, "");
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<List<Answered>> noise =
          thread.submit(() -> Load.closed(flood, FLOODERS, LEAD.plus(time).plusSeconds(1)));
      TimeUnit.NANOSECONDS.sleep(LEAD.toNanos());
      Latencies beside = calls(Load.open(calm, CALM_PER_SECOND, time));
      try {
        noise.get();
      } catch (ExecutionException failed) {
        throw new IOException("the flood failed: " + failed.getCause(), failed);
      }
      return beside;
    }
  }

  private static Latencies calls(List<Answered> calls) throws IOException {
    Optional<String> failures = Answered.failures(calls, 200);
    if (failures.isPresent()) {
      throw new IOException("of the quiet tenant " + failures.get());
    }
    return Latencies.ofAnswered(calls);
  }

  private Section section(Latencies alone, Latencies besideSleep, Latencies besideWork) {
    Table table = new Table("the quiet tenant's calls", "p50", "p99", "max");
    row(table, "alone", alone);
    row(table, "beside a flood of calls that sleep 200 ms", besideSleep);
    row(table, "beside a flood of calls that compute for 20 ms", besideWork);
    return new Section(
        "noisy",
        title(),
        List.of(
            figure("sleeping calls", alone, besideSleep, SLEEP_SLOT_MILLIS),
            figure("computing calls", alone, besideWork, WORK_SLOT_MILLIS)),
        table.markdown()
            + """

            The quiet tenant calls the greeting %.0f times a second at a constant rate. The noisy one has %d callers in a closed loop, more than it may have running
            at once, of a function that sleeps 200 ms, then of one that computes for 20 ms, which keeps all cores busy. One slot is the time of one of its calls.
            """
                .formatted(CALM_PER_SECOND, FLOODERS),
        List.of(
            new Bars("A quiet tenant's p99, less is better", "ms", 1)
                .group("")
                .bar("alone", alone.millis(99), 1)
                .bar("beside sleeping flood", besideSleep.millis(99), 0)
                .bar("beside computing flood", besideWork.millis(99), 0)
                .chart("noisy-tenant.svg")),
        Map.of(
            "aloneMillis", alone.allMillis(),
            "besideSleepMillis", besideSleep.allMillis(),
            "besideWorkMillis", besideWork.allMillis()));
  }

  private static Figure figure(String of, Latencies alone, Latencies beside, double slot) {
    double quiet = alone.millis(99);
    double p99 = beside.millis(99);
    return Figure.of(
        "a quiet tenant's p99 beside a flood of " + of,
        p99,
        "%s (%s; alone %s)"
            .formatted(Text.ratio(p99 / quiet), Text.millis(p99), Text.millis(quiet)),
        Bound.atMost(2 * quiet + slot, "2× alone + %.0f ms".formatted(slot)),
        Bound.atMost(1.3 * quiet, "1.3× alone"));
  }

  private static void row(Table table, String what, Latencies latencies) {
    table.row(
        what,
        Text.millis(latencies.millis(50)),
        Text.millis(latencies.millis(99)),
        Text.millis(latencies.millis(100)));
  }
}
