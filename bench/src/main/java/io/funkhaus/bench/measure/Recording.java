package io.funkhaus.bench.measure;

import io.funkhaus.bench.host.Database;
import io.funkhaus.bench.host.ProcessStat;
import io.funkhaus.bench.host.Processes;
import io.funkhaus.bench.load.Answered;
import io.funkhaus.bench.load.Load;
import io.funkhaus.bench.load.Wrk;
import io.funkhaus.bench.report.Bound;
import io.funkhaus.bench.report.Figure;
import io.funkhaus.bench.report.Section;
import io.funkhaus.bench.report.Table;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Whether every answered call is in PostgreSQL, exactly once, and what that takes from the machine.
 */
public final class Recording implements Measurement {
  private static final int CONNECTIONS = 16;
  private static final String FUNCTION = "recorded";

  private final InstantSource clock;

  public Recording(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public String title() {
    return "Durable records";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(5);
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException, SQLException {
    lab.workspace().create(FUNCTION, Lab.HELLO_SOURCE);
    lab.wrk().run(lab.workspace().url(FUNCTION), CONNECTIONS, Duration.ofSeconds(3));
    lab.awaitRecorded();

    lab.say("full load for " + lab.scale().recording().toSeconds() + " s");
    Instant began = clock.instant();
    double cpuBefore = recordingCpuSeconds(lab);
    Wrk.Run full =
        lab.wrk().run(lab.workspace().url(FUNCTION), CONNECTIONS, lab.scale().recording());
    lab.awaitRecorded();
    double cpu = recordingCpuSeconds(lab) - cpuBefore;
    double whole =
        lab.scale().recording().toSeconds() * (double) Runtime.getRuntime().availableProcessors();

    Database.Count count;
    Exactness exact;
    try (Database database = new Database(lab.funkhaus().data())) {
      count = database.count(FUNCTION, began);
      exact = exactness(lab, database);
    }
    lab.workspace().delete(FUNCTION);
    return section(full, count, exact, cpu / whole);
  }

  /** The recorder's thread, and PostgreSQL with all of its processes. */
  private static double recordingCpuSeconds(Lab lab) throws IOException {
    long ticks = lab.funkhaus().postgresTicks();
    for (ProcessStat thread : Processes.threads(lab.funkhaus().pid(), "recorder")) {
      ticks += thread.ticks();
    }
    return ticks / (double) ProcessStat.TICKS_PER_SECOND;
  }

  /** Calls whose ids the caller has kept. */
  private record Exactness(int answered, int failed, int missing, int twice, double perSecond) {}

  private Exactness exactness(Lab lab, Database database)
      throws IOException, InterruptedException, SQLException {
    Duration time = lab.scale().recording().dividedBy(4);
    lab.say(
        "the same for %d s with a caller that keeps every request id".formatted(time.toSeconds()));
    Instant began = clock.instant();
    List<Answered> calls = Load.closed(lab.workspace().invocation(FUNCTION, ""), CONNECTIONS, time);
    lab.awaitRecorded();
    Map<UUID, Integer> stored = database.stored(FUNCTION, began);
    List<UUID> ids =
        calls.stream()
            .filter(Answered::ok)
            .map(Answered::requestId)
            .filter(Objects::nonNull)
            .map(UUID::fromString)
            .toList();
    int missing = (int) ids.stream().filter(id -> !stored.containsKey(id)).count();
    int twice = (int) ids.stream().filter(id -> stored.getOrDefault(id, 0) > 1).count();
    Answered.failures(calls, 200).ifPresent(lab::say);
    int failed = (int) calls.stream().filter(call -> !call.ok()).count();
    return new Exactness(
        ids.size(), failed, missing, twice, calls.size() / (double) time.toSeconds());
  }

  private static Section section(
      Wrk.Run full, Database.Count count, Exactness exact, double cpuShare) {
    boolean counted =
        count.rows() == count.different()
            && count.rows() >= full.requests()
            && count.rows() <= full.requests() + CONNECTIONS;
    long missing = Math.max(0, full.requests() - count.rows()) + exact.missing();
    double storedShare =
        1 - (missing + exact.twice()) / (double) (full.requests() + exact.answered());
    Figure complete =
        Figure.of(
            "recording at full warm load: answered invocations that are stored exactly once",
            counted && exact.twice() == 0 ? storedShare : Math.min(storedShare, 0.999),
            "%s of %s, %s of %s by id"
                .formatted(
                    Text.number(Math.min(count.rows(), full.requests())),
                    Text.number(full.requests()),
                    Text.number(exact.answered() - exact.missing()),
                    Text.number(exact.answered())),
            Bound.atLeast(1, "100 %"),
            null);
    Figure cost =
        Figure.of(
            "what recording takes of the machine at full load",
            cpuShare,
            Text.percent(cpuShare) + " of its CPU",
            Bound.NONE,
            Bound.atMost(0.05, "5 %"));
    Table table =
        new Table("", "answered", "rows", "missing", "twice", "requests/s")
            .row(
                "wrk",
                Text.number(full.requests()),
                Text.number(count.rows()),
                Text.number(Math.max(0, full.requests() - count.rows())),
                Text.number(count.rows() - count.different()),
                Text.number(full.perSecond()))
            .row(
                "by request id",
                Text.number(exact.answered()),
                "",
                Text.number(exact.missing()),
                Text.number(exact.twice()),
                Text.number(exact.perSecond()));
    return new Section(
        "recording",
        "Durable records",
        full.failures() + exact.failed() == 0
            ? List.of(complete, cost)
            : List.of(
                complete.spoilt(full.failures() + exact.failed() + " calls failed"),
                cost.spoilt("calls failed")),
        table.markdown()
            + """

            %d connections at full speed, then the rows in PostgreSQL are counted. wrk hangs up at its end without waiting for the calls that are under
            way, so there may be up to %d rows more than answers, and never fewer. The second line is a caller of our own that waits for every answer and
            looks for each answer's `X-Request-Id` in the database. Recording cannot be switched off, so its cost is measured instead of
            compared: the CPU time of the recorder's thread and of all PostgreSQL processes until the last record is written, as a share of all CPU
            time of the load. On a machine that is busy all the time this is what it can take from throughput.
            """
                .formatted(CONNECTIONS, CONNECTIONS),
        List.of(),
        Map.of("full", full, "count", count, "exact", exact, "cpuShare", cpuShare));
  }
}
