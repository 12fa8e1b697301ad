package io.funkhaus.bench.measure;

import io.funkhaus.bench.load.Answered;
import io.funkhaus.bench.load.Latencies;
import io.funkhaus.bench.load.Load;
import io.funkhaus.bench.report.Bound;
import io.funkhaus.bench.report.Figure;
import io.funkhaus.bench.report.Section;
import io.funkhaus.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Callers of a function that only waits: does the platform start as many sandboxes as pay off? */
public final class SlowFunction implements Measurement {
  private static final int CALLERS = 32;
  private static final double IDEAL = CALLERS / 0.2;
  private static final Duration RAMP = Duration.ofSeconds(5);
  private static final String FUNCTION = "slow";

  @Override
  public String name() {
    return "slow";
  }

  @Override
  public String title() {
    return "A slow function";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(2);
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    lab.workspace().create(FUNCTION, Lab.SLEEP_SOURCE);
    lab.settle();
    Duration measured = lab.scale().sleepers();
    lab.say("%d callers for %d s".formatted(CALLERS, RAMP.plus(measured).toSeconds()));
    List<Answered> all =
        Load.closed(lab.workspace().invocation(FUNCTION, ""), CALLERS, RAMP.plus(measured));
    lab.workspace().delete(FUNCTION);
    List<Answered> after =
        all.stream()
            .filter(call ->
                call.ok()
                    && call.atNanos() >= RAMP.toNanos()
                    && call.atNanos() < RAMP.plus(measured).toNanos())
            .toList();
    Answered.failures(all, 200).ifPresent(lab::say);
    long failed = all.stream().filter(call -> !call.ok()).count();
    double rate = after.size() / (double) measured.toSeconds();
    Latencies latencies = Latencies.ofAnswered(after);
    Figure figure =
        Figure.of(
            "32 callers of a function that sleeps 200 ms, after 5 s of ramp, of the ideal 160/s",
            rate / IDEAL,
            "%s (%s/s)".formatted(Text.percent(rate / IDEAL), Text.decimals(rate, 1)),
            Bound.atLeast(0.9, "90 %"),
            Bound.atLeast(0.98, "98 %"));
    return new Section(
        "slow",
        title(),
        List.of(failed == 0 ? figure : figure.spoilt(failed + " calls failed")),
        new Table("", "calls/s", "p50", "p99", "failed")
                .row(
                    "after the ramp",
                    Text.decimals(rate, 1),
                    Text.millis(latencies.millis(50)),
                    Text.millis(latencies.millis(99)),
                    Long.toString(failed))
                .markdown()
            + "\n32 callers, each calling again when it has its answer, from a start without any sandbox of the function. Counted are the "
            + measured.toSeconds()
            + " s after the first 5.\n",
        List.of(),
        Map.of("perSecond", rate, "failed", failed, "millis", latencies.allMillis()));
  }
}
