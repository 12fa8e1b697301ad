package io.funkhaus.bench.measure;

import io.funkhaus.bench.host.ProcessStat;
import io.funkhaus.bench.host.Processes;
import io.funkhaus.bench.host.Workspace;
import io.funkhaus.bench.report.Bound;
import io.funkhaus.bench.report.Figure;
import io.funkhaus.bench.report.Section;
import io.funkhaus.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The service with many functions deployed and nobody calling: how it starts, what it holds. */
public final class ManyFunctions implements Measurement {
  private static final int THREADS = 4;

  /** Fewer than the most that a workspace may have. */
  private static final int PER_WORKSPACE = 900;

  private static final Duration IDLE = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "service";
  }

  @Override
  public String title() {
    return "The service itself";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(9);
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    int functions = lab.scale().functions();
    List<Workspace> workspaces = signUp(lab, functions);
    deploy(lab, workspaces, functions);
    lab.settle();
    lab.say("restarting");
    lab.funkhaus().down();
    double ready = lab.funkhaus().up();
    lab.say("ready after %s s; idle for %d s".formatted(Text.decimals(ready, 2), IDLE.toSeconds()));
    TimeUnit.NANOSECONDS.sleep(IDLE.toNanos());
    long pid = lab.funkhaus().pid();
    double resident = Processes.resident(pid).orElseThrow();
    double postgres = 0;
    for (ProcessStat stat : Processes.withChildren(lab.funkhaus().postgresPid())) {
      postgres += Processes.proportional(stat.pid()).orElse(0);
    }
    lab.requireOk(workspaces.getFirst().invocation("many0", ""));
    return section(functions, ready, resident, postgres);
  }

  private static List<Workspace> signUp(Lab lab, int functions)
      throws IOException, InterruptedException {
    List<Workspace> made = new ArrayList<>();
    while (made.size() * PER_WORKSPACE < functions) {
      made.add(Workspace.signUp(lab.funkhaus().port(), "many" + made.size()));
    }
    return made;
  }

  private static void deploy(Lab lab, List<Workspace> workspaces, int functions)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<Future<Void>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int t = 0; t < THREADS; t++) {
        all.add(
            threads.submit(() -> {
              for (int i = next.getAndIncrement(); i < functions; i = next.getAndIncrement()) {
                workspaces
                    .get(i / PER_WORKSPACE)
                    .create("many" + i, "// " + i + "\n" + Lab.HELLO_SOURCE);
                if (i % 2000 == 1999) {
                  lab.say("%d of %d functions deployed".formatted(i + 1, functions));
                }
              }
              return null;
            }));
      }
    }
    for (Future<Void> part : all) {
      try {
        part.get();
      } catch (ExecutionException failed) {
        throw new IOException("deploying failed: " + failed.getCause(), failed);
      }
    }
  }

  private Section section(int functions, double ready, double resident, double postgres) {
    String with = "service with " + Text.number(functions) + " functions deployed, idle: ";
    List<Figure> figures =
        List.of(
            Figure.of(
                with + "resident memory",
                resident,
                Text.megabytes(resident),
                Bound.atMost(600e6, "600 MB"),
                Bound.atMost(350e6, "350 MB")),
            Figure.of(
                with + "start to healthy",
                ready,
                Text.decimals(ready, 2) + " s",
                Bound.atMost(12, "12 s"),
                Bound.atMost(5, "5 s")));
    return new Section(
        "service",
        title(),
        figures,
        new Table("", "service", "its PostgreSQL")
                .row("memory", Text.megabytes(resident), Text.megabytes(postgres))
                .markdown()
            + """

            %s functions in workspaces of %d, each with code of its own, deployed through the API; then `./funkhaus down` and `up` with the flags that everybody gets (the class
            cache that `down` makes of the run before included). Start is from the start of the service's process until readiness says 200, which includes
            starting PostgreSQL. Memory after %d s without a call: the resident set of the service, the proportional set of PostgreSQL's processes.
            """
                .formatted(Text.number(functions), PER_WORKSPACE, IDLE.toSeconds()),
        List.of(),
        Map.of(
            "functions", functions,
            "readySeconds", ready,
            "residentBytes", resident,
            "postgresBytes", postgres));
  }
}
