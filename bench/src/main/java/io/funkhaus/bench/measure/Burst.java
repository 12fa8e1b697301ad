package io.funkhaus.bench.measure;

import io.funkhaus.bench.host.Workspace;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fifty functions that have never run are called at the same moment. */
public final class Burst implements Measurement {
  private static final int FUNCTIONS = 50;

  @Override
  public String name() {
    return "burst";
  }

  @Override
  public String title() {
    return "Fifty first calls at once";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(3);
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    Workspace workspace = lab.workspace();
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < FUNCTIONS; i++) {
      workspace.create("burst" + i, "// " + i + "\n" + Lab.HELLO_SOURCE);
      requests.add(workspace.invocation("burst" + i, ""));
    }
    lab.settle();
    lab.say(FUNCTIONS + " first calls at once");
    List<Answered> answers = Load.atOnce(requests);
    for (int i = 0; i < FUNCTIONS; i++) {
      workspace.delete("burst" + i);
    }
    Answered.failures(answers, 200).ifPresent(lab::say);
    long failed = answers.stream().filter(answer -> !answer.ok()).count();
    Latencies latencies = Latencies.ofAnswered(answers);
    double seconds = latencies.millis(100) / 1000;
    Figure figure =
        Figure.of(
            "50 different functions called for the first time at once: all answered in",
            failed == 0 ? seconds : Double.MAX_VALUE,
            "%s s, %d failed".formatted(Text.decimals(seconds, 1), failed),
            Bound.atMost(10, "10 s, none failed"),
            Bound.atMost(4, "4 s"));
    return new Section(
        "burst",
        title(),
        List.of(figure),
        new Table("", "first", "half", "last", "failed")
                .row(
                    "answered after",
                    Text.millis(latencies.millis(1)),
                    Text.millis(latencies.millis(50)),
                    Text.millis(latencies.millis(100)),
                    Long.toString(failed))
                .markdown()
            + "\nFifty callers, each with an open connection, call fifty functions with different code, none of which has a sandbox.\n",
        List.of(),
        Map.of("millis", latencies.allMillis(), "failed", failed));
  }
}
