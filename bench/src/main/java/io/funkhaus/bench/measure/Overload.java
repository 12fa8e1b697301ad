package io.funkhaus.bench.measure;

import io.funkhaus.bench.load.Answered;
import io.funkhaus.bench.load.Latencies;
import io.funkhaus.bench.load.Load;
import io.funkhaus.bench.load.Request;
import io.funkhaus.bench.report.Bound;
import io.funkhaus.bench.report.Figure;
import io.funkhaus.bench.report.Section;
import io.funkhaus.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Five times as many calls as can be served, at a constant rate that no answer slows down. */
public final class Overload implements Measurement {
  private static final String FUNCTION = "crowded";
  private static final int CALLERS = 50;
  private static final int TIMES = 5;
  private static final Duration RAMP_STEP = Duration.ofSeconds(3);
  private static final int MOST_RAMP_STEPS = 10;
  private static final Duration SETTLED = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "overload";
  }

  @Override
  public String title() {
    return "Overload";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(3);
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    lab.workspace().create(FUNCTION, Lab.SLEEP_SOURCE);
    Request request = lab.workspace().invocation(FUNCTION, "");
    lab.settle();
    Duration time = lab.scale().overload();
    lab.say("capacity with " + CALLERS + " callers");
    rampUp(request);
    double peak = rate(Load.closed(request, CALLERS, time), Duration.ZERO, time);
    lab.say("%s/s; now %d times that".formatted(Text.decimals(peak, 1), TIMES));
    List<Answered> all = Load.open(request, peak * TIMES, SETTLED.plus(time));
    Answered.failures(all, 429).ifPresent(lab::say);
    long began = System.nanoTime();
    lab.requireOk(request);
    double after = (System.nanoTime() - began) / 1e6;
    lab.workspace().delete(FUNCTION);
    return section(peak, all, time, after);
  }

  /** Until more sandboxes bring no more calls. */
  private static void rampUp(Request request) throws InterruptedException {
    double best = 0;
    for (int step = 0; step < MOST_RAMP_STEPS; step++) {
      double rate = rate(Load.closed(request, CALLERS, RAMP_STEP), Duration.ZERO, RAMP_STEP);
      if (step > 1 && rate < best * 1.05) {
        return;
      }
      best = Math.max(best, rate);
    }
  }

  private static double rate(List<Answered> calls, Duration from, Duration time) {
    long end = from.plus(time).toNanos();
    return calls.stream()
            .filter(call -> call.ok() && call.atNanos() >= from.toNanos() && call.atNanos() < end)
            .count()
        / (time.toNanos() / 1e9);
  }

  /** The rate jumps; what comes then meets hundreds of new connections and code that is new. */
  private static boolean isLater(Answered call) {
    return call.atNanos() - call.tookNanos() >= SETTLED.toNanos();
  }

  private Section section(double peak, List<Answered> all, Duration time, double after)
      throws IOException {
    double good = rate(all, SETTLED, time);
    List<Answered> refused = all.stream().filter(call -> call.status() == 429).toList();
    long unexplained = refused.stream().filter(call -> call.retryAfter() == null).count();
    long broken = all.stream().filter(call -> !call.ok() && call.status() != 429).count();
    if (refused.isEmpty()) {
      throw new IOException("nothing was refused, so this was no overload");
    }
    Latencies refusals = Latencies.ofAnswered(refused);
    Latencies served = Latencies.ofAnswered(all.stream().filter(Answered::ok).toList());
    List<Figure> figures =
        List.of(
            Figure.of(
                "overload ×5: goodput against peak",
                broken == 0 ? good / peak : 0,
                "%s (%s of %s/s), %d neither served nor refused"
                    .formatted(
                        Text.percent(good / peak),
                        Text.decimals(good, 1),
                        Text.decimals(peak, 1),
                        broken),
                Bound.atLeast(0.9, "90 %"),
                null),
            Figure.of(
                "overload ×5: refusals answered in, p99",
                unexplained == 0 ? refusals.millis(99) : Double.MAX_VALUE,
                "%s (p50 %s), %d without Retry-After"
                    .formatted(
                        Text.millis(refusals.millis(99)),
                        Text.millis(refusals.millis(50)),
                        unexplained),
                Bound.atMost(50, "50 ms"),
                null));
    Table table = new Table("", "calls", "p50", "p99");
    table.row(
        "served",
        Text.number(served.count()),
        Text.millis(served.millis(50)),
        Text.millis(served.millis(99)));
    table.row(
        "refused",
        Text.number(refusals.count()),
        Text.millis(refusals.millis(50)),
        Text.millis(refusals.millis(99)));
    Latencies later = Latencies.ofAnswered(refused.stream().filter(Overload::isLater).toList());
    table.row(
        "of these, due after the first %d s".formatted(SETTLED.toSeconds()),
        Text.number(later.count()),
        Text.millis(later.millis(50)),
        Text.millis(later.millis(99)));
    return new Section(
        "overload",
        title(),
        figures,
        table.markdown()
            + """

            A function that sleeps 200 ms. Its peak is what %d callers get in a closed loop once their rate does not rise any more; then calls come at %d times that rate for %d s,
            whether or not earlier ones were answered, from virtual threads of the driver on the same two cores. Goodput is counted after the first %d s. Times
            are from when a call was due. Served calls have waited in the queue. The first call after the overload took %s.
            """
                .formatted(
                    CALLERS,
                    TIMES,
                    SETTLED.plus(time).toSeconds(),
                    SETTLED.toSeconds(),
                    Text.millis(after)),
        List.of(),
        Map.of(
            "peak", peak,
            "goodput", good,
            "refused", refused.size(),
            "refusalP50Millis", refusals.millis(50),
            "refusalP99Millis", refusals.millis(99),
            "broken", broken,
            "firstAfterMillis", after));
  }
}
