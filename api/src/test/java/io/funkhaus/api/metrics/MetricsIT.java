package io.funkhaus.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.api.TestDatabase;
import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.Scope;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.caller.UserId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.recording.InvocationRecord;
import io.funkhaus.api.recording.InvocationRecorder;
import io.funkhaus.api.recording.InvocationStatus;
import io.funkhaus.api.recording.RecordingSettings;
import io.funkhaus.api.recording.TestRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.sql.DataSource;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsIT {
  private static final Instant NOON = TestRecords.NOON;

  private final DataSource database = TestDatabase.newDataSource();
  private final Caller caller =
      new Caller(
          new TenantId(1),
          new AccountId("000000000001"),
          new Actor.User(new UserId(1), "ada@example.org"),
          Scope.FULL);

  @TempDir Path directory;

  @Test
  void points_are_what_a_recount_says_for_every_step_and_gaps_are_zeros() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("MetricsIT seed " + seed);
    Random random = new Random(seed);
    List<InvocationRecord> records = new ArrayList<>();
    try (InvocationRecorder recorder =
        InvocationRecorder.start(
            RecordingSettings.in(directory),
            database,
            InstantSource.fixed(NOON),
            System::nanoTime)) {
      for (int i = 0; i < 2_000; i++) {
        InvocationStatus status =
            random.nextInt(5) == 0 ? InvocationStatus.TIMED_OUT : InvocationStatus.SUCCEEDED;
        InvocationRecord record =
            TestRecords.at(
                NOON.minusSeconds(random.nextInt(4 * 3_600)),
                new TenantId(1 + random.nextInt(2)),
                "hello",
                status,
                1 + random.nextInt(5_000_000));
        recorder.record(record);
        records.add(record);
      }
      Metrics metrics = new Metrics(database, recorder);
      for (Duration step :
          List.of(
              Duration.ofMinutes(1),
              Duration.ofMinutes(7),
              Duration.ofHours(1),
              Duration.ofDays(1))) {
        MetricsView view =
            metrics.query(
                caller,
                new MetricsQuery(
                    Optional.of(new FunctionName("hello")),
                    Optional.empty(),
                    NOON.minus(Duration.ofHours(4)),
                    NOON.plusSeconds(1),
                    step));
        assertThat(view.from()).isBeforeOrEqualTo(NOON.minus(Duration.ofHours(4)));
        for (MetricsView.Point point : view.points()) {
          assertEqualsRecount(point, step, records);
        }
        assertThat(view.points().stream().mapToLong(MetricsView.Point::invocations).sum())
            .isEqualTo(view.totals().invocations())
            .isEqualTo(records.stream().filter(r -> r.tenant().value() == 1).count());
      }
    }
  }

  private static void assertEqualsRecount(
      MetricsView.Point point, Duration step, List<InvocationRecord> records) {
    Instant at = java.util.Objects.requireNonNull(point.at());
    List<InvocationRecord> own =
        records.stream()
            .filter(r -> r.tenant().value() == 1)
            .filter(r -> !r.startedAt().isBefore(at) && r.startedAt().isBefore(at.plus(step)))
            .toList();
    assertThat(point.invocations()).as("at %s", at).isEqualTo(own.size());
    assertThat(point.timeouts())
        .isEqualTo(own.stream().filter(r -> r.status() == InvocationStatus.TIMED_OUT).count());
    if (own.isEmpty()) {
      assertThat(point.p50Millis()).isNull();
      assertThat(point.maxMillis()).isNull();
      return;
    }
    long[] sorted = own.stream().mapToLong(r -> r.measures().totalMicros()).sorted().toArray();
    assertThat(point.p95Millis())
        .isCloseTo(
            sorted[(int) Math.ceil(0.95 * sorted.length) - 1] / 1_000.0,
            Percentage.withPercentage(0.8));
    assertThat(point.maxMillis()).isEqualTo(sorted[sorted.length - 1] / 1_000.0);
  }

  @Test
  void too_many_points_and_odd_steps_are_refused_with_the_limit() {
    assertThatThrownBy(() -> query(Duration.ofDays(3), Duration.ofMinutes(1)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("at most 1500 points")
        .hasMessageContaining("4320");
    assertThatThrownBy(() -> query(Duration.ofHours(1), Duration.ofSeconds(90)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("multiple of 60");
    assertThatThrownBy(() -> query(Duration.ZERO, Duration.ofMinutes(1)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("from must be before to");
  }

  private static MetricsQuery query(Duration range, Duration step) {
    return new MetricsQuery(Optional.empty(), Optional.empty(), NOON, NOON.plus(range), step);
  }
}
