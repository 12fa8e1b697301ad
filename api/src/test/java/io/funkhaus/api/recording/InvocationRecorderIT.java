package io.funkhaus.api.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.TestDatabase;
import io.funkhaus.api.caller.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

class InvocationRecorderIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DataSource database = TestDatabase.newDataSource();
  private final FailingDataSource unreliable = new FailingDataSource(database);

  @TempDir Path directory;

  @Test
  void what_was_recorded_is_in_the_database_after_a_flush() throws IOException {
    try (InvocationRecorder recorder = start(database)) {
      recorder.record(TestRecords.plain());

      assertThat(recorder.flush(PATIENCE)).isTrue();
      assertThat(count("invocations")).isEqualTo(1);
      assertThat(count("metrics_minute")).isEqualTo(1);
      assertThat(count("metrics_hour")).isEqualTo(1);
      assertThat(count("metrics_day")).isEqualTo(1);
    }
  }

  @Test
  void every_byte_a_function_can_send_arrives_as_it_was() throws IOException {
    Random random = seeded();
    List<InvocationRecord> records = new ArrayList<>();
    try (InvocationRecorder recorder = start(database)) {
      for (int i = 0; i < 3_000; i++) {
        InvocationRecord record = TestRecords.random(random);
        if (record.status() != InvocationStatus.REFUSED) {
          recorder.record(record);
          records.add(record);
        }
      }
      assertThat(recorder.flush(PATIENCE)).isTrue();
      assertThat(recorder.status().rejectedRecords()).isZero();
    }
    assertThat(count("invocations")).isEqualTo(records.size());
    JdbcTemplate jdbc = new JdbcTemplate(database);
    for (InvocationRecord record : records.subList(0, 500)) {
      jdbc.query(
          "SELECT i.*, l.log FROM invocations i LEFT JOIN invocation_logs l USING (tenant_id, request_id, started_at)"
              + " WHERE i.tenant_id = ? AND i.started_at = ? AND i.request_id = ?",
          row -> {
            assertThat(row.getBytes("payload")).isEqualTo(record.payload().bytes());
            assertThat(row.getBytes("result")).isEqualTo(record.result().bytes());
            assertThat(row.getString("status")).isEqualTo(record.status().text());
            assertThat(row.getTimestamp("started_at").toInstant())
                .isEqualTo(record.startedAt().truncatedTo(ChronoUnit.MICROS));
            String log = row.getString("log");
            assertThat(log == null ? "" : log).isEqualTo(StoredText.of(record.log().bytes()));
            assertThat(row.getString("error_message"))
                .isEqualTo(
                    record.error().map(error -> StoredText.of(error.message())).orElse(null));
          },
          record.tenant().value(),
          record.startedAt().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC),
          record.requestId());
    }
  }

  @Test
  void metrics_equal_a_recount_of_everything() throws IOException {
    Random random = seeded();
    List<InvocationRecord> records = new ArrayList<>();
    try (InvocationRecorder recorder = start(database)) {
      for (int i = 0; i < 4_000; i++) {
        InvocationRecord record = TestRecords.random(random);
        if (record.status() != InvocationStatus.REFUSED) {
          recorder.record(record);
          records.add(record);
        }
        if (i % 500 == 0) {
          // Several batches on the same rows: the figures are added up, not replaced.
          assertThat(recorder.flush(PATIENCE)).isTrue();
        }
      }
      assertThat(recorder.flush(PATIENCE)).isTrue();
    }
    for (Granularity width : Granularity.values()) {
      assertEqualsRecount(width, records);
    }
  }

  private void assertEqualsRecount(Granularity width, List<InvocationRecord> records) {
    List<Long> buckets = new ArrayList<>();
    new JdbcTemplate(database)
        .query(
            "SELECT * FROM " + width.table(),
            row -> {
              Instant bucket = row.getTimestamp("bucket").toInstant();
              buckets.add(bucket.toEpochMilli());
              List<InvocationRecord> own = new ArrayList<>();
              for (InvocationRecord record : records) {
                if (record.tenant().value() == row.getLong("tenant_id")
                    && record.target().function().equals(row.getString("function_name"))
                    && record.target().version().equals(row.getString("version"))
                    && width.bucket(record.startedAt()).equals(bucket)) {
                  own.add(record);
                }
              }
              assertThat(row.getLong("invocations")).isPositive().isEqualTo(own.size());
              assertThat(row.getLong("errors"))
                  .isEqualTo(own.stream().filter(r -> r.status().isError()).count());
              assertThat(row.getLong("timeouts"))
                  .isEqualTo(
                      own.stream().filter(r -> r.status() == InvocationStatus.TIMED_OUT).count());
              assertThat(row.getLong("cold_starts"))
                  .isEqualTo(own.stream().filter(r -> r.measures().coldStart()).count());
              assertThat(row.getLong("billed_millis"))
                  .isEqualTo(own.stream().mapToLong(r -> r.measures().billedMillis()).sum());
              List<Long> times =
                  own.stream()
                      .filter(r -> r.status() != InvocationStatus.INTERRUPTED)
                      .map(r -> r.measures().totalMicros())
                      .toList();
              assertThat(row.getLong("max_micros"))
                  .isEqualTo(times.stream().mapToLong(Long::longValue).max().orElse(0));
              assertThat(row.getInt("max_concurrency"))
                  .isEqualTo(
                      own.stream()
                          .mapToInt(InvocationRecord::concurrencyAtStart)
                          .max()
                          .orElseThrow());
              LatencyHistogram expected = new LatencyHistogram();
              times.forEach(expected::record);
              assertThat(row.getArray("bins").getArray()).isEqualTo(expected.bins());
              assertThat(row.getArray("counts").getArray()).isEqualTo(expected.hits());
            });
    assertThat(buckets).isNotEmpty();
    assertThat(Sql.number(database, "SELECT sum(invocations) FROM " + width.table()))
        .isEqualTo(records.size());
  }

  @Test
  void a_batch_whose_commit_fails_is_written_exactly_once_later() throws IOException {
    Random random = seeded();
    int records = 0;
    try (InvocationRecorder recorder = start(unreliable)) {
      for (int round = 0; round < 10; round++) {
        unreliable.failNext(random.nextInt(2) + 1, random.nextBoolean());
        for (int i = random.nextInt(20); i >= 0; i--) {
          recorder.record(TestRecords.plain());
          records++;
        }
        Awaitility.await().atMost(PATIENCE).until(() -> recorder.flush(Duration.ofMillis(200)));
      }
      assertThat(unreliable.failures()).isPositive();
      assertThat(recorder.status().waitingRecords()).isZero();
      assertThat(recorder.status().rejectedRecords()).isZero();
      assertThat(recorder.status().writtenRecords()).isEqualTo(records);
      assertThat(count("invocations")).isEqualTo(records);
      assertThat(Sql.number(database, "SELECT sum(invocations) FROM metrics_minute"))
          .isEqualTo(records);
    }
  }

  @Test
  void what_a_stopped_service_left_is_carried_over_by_the_next_exactly_once() throws IOException {
    unreliable.failAlways(true);
    InvocationRecorder first = start(unreliable);
    for (int i = 0; i < 3_000; i++) {
      first.record(TestRecords.plain());
    }
    Path journal = copyOf(directory);
    assertThat(count("invocations")).isZero();

    for (int restart = 0; restart < 3; restart++) {
      try (InvocationRecorder next = startIn(journal, database)) {
        next.record(TestRecords.plain());
        assertThat(next.flush(PATIENCE)).isTrue();
        assertThat(next.status().waitingRecords()).isZero();
      }
      assertThat(count("invocations")).isEqualTo(3_000 + restart + 1);
    }
    unreliable.failAlways(false);
    // Its own end is another story: it would carry over once more what its copy has.
    Sql.execute(database, "TRUNCATE invocations");
    first.close();
  }

  @Test
  void an_interrupted_invocation_that_has_a_record_already_gets_no_other() throws SQLException {
    InvocationRecord cutOff = TestRecords.plain();
    InvocationRecord ahead = TestRecords.plain();
    InvocationRecord written = TestRecords.plain();
    UUID journal = UUID.randomUUID();
    RecordStore store = new RecordStore(database);
    store.write(journal, List.of(new JournalEntry.Ended(written)), new JournalPosition(1, 100));

    // Killed twice while the database was away: each time the same marks were found.
    store.write(
        journal,
        List.of(
            new JournalEntry.Ended(ahead),
            interrupted(ahead),
            interrupted(cutOff),
            interrupted(cutOff),
            interrupted(written)),
        new JournalPosition(1, 200));
    store.write(journal, List.of(interrupted(cutOff)), new JournalPosition(2, 100));

    assertThat(
            new JdbcTemplate(database)
                .query(
                    "SELECT request_id, status FROM invocations",
                    (row, number) -> row.getString(1) + " " + row.getString(2)))
        .containsExactlyInAnyOrder(
            written.requestId() + " succeeded",
            ahead.requestId() + " succeeded",
            cutOff.requestId() + " interrupted");
    assertThat(Sql.number(database, "SELECT sum(invocations) FROM metrics_minute")).isEqualTo(3);
    assertThat(Sql.number(database, "SELECT sum(errors) FROM metrics_minute")).isEqualTo(1);
    assertThat(Sql.number(database, "SELECT max(max_micros) FROM metrics_minute"))
        .as("how long it would have taken nobody knows")
        .isEqualTo(written.measures().totalMicros());
  }

  private static JournalEntry interrupted(InvocationRecord record) {
    return new JournalEntry.Ended(
        TestRecords.start(record).interrupted(record.startedAt().plusSeconds(1)));
  }

  @Test
  void without_a_database_invocations_are_refused_at_the_limit_and_nothing_is_lost()
      throws IOException {
    unreliable.failAlways(true);
    RecordingSettings settings =
        new RecordingSettings(
            directory,
            16L << 20,
            Duration.ofDays(30),
            Duration.ofDays(14),
            Duration.ofDays(30),
            Duration.ZERO);
    try (InvocationRecorder recorder =
        InvocationRecorder.start(settings, unreliable, clock(TestRecords.NOON), System::nanoTime)) {
      int recorded = 0;
      while (recorder.refusal().isEmpty()) {
        recorder.record(TestRecords.plain());
        recorded++;
      }
      assertThat(recorder.refusal().orElseThrow()).contains("16777216");
      assertThat(recorder.status().waitingRecords()).isEqualTo(recorded);
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(recorder.status().databaseFailure()).isPresent());

      unreliable.failAlways(false);

      Awaitility.await().atMost(PATIENCE.multipliedBy(2)).until(() -> recorder.flush(PATIENCE));
      assertThat(recorder.refusal()).isEmpty();
      assertThat(count("invocations")).isEqualTo(recorded);
    }
  }

  @Test
  void a_record_the_database_refuses_is_put_aside_and_the_others_go_on() throws IOException {
    try (InvocationRecorder recorder = start(database)) {
      InvocationRecord once = TestRecords.plain();
      recorder.record(once);
      assertThat(recorder.flush(PATIENCE)).isTrue();
      recorder.record(TestRecords.plain());
      recorder.record(once);
      recorder.record(TestRecords.plain());

      Awaitility.await().atMost(PATIENCE).until(() -> recorder.flush(Duration.ofSeconds(1)));
      assertThat(count("invocations")).isEqualTo(3);
      assertThat(recorder.status().rejectedRecords()).isEqualTo(1);
    }
    try (Stream<Path> rejected = Files.list(directory.resolve("rejected"))) {
      assertThat(rejected).hasSize(1);
    }
  }

  @Test
  void a_flood_of_refusals_counts_in_the_metrics_and_leaves_few_rows() throws IOException {
    try (InvocationRecorder recorder = start(database)) {
      for (int i = 0; i < 10_000; i++) {
        recorder.record(
            TestRecords.at(
                TestRecords.NOON, new TenantId(1), "hello", InvocationStatus.REFUSED, 0));
      }
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(Sql.number(database, "SELECT sum(refused) FROM metrics_minute"))
                  .isEqualTo(10_000));
      // Ten for each second in which the flood went on.
      assertThat(count("invocations")).isBetween(10L, 100L);
    }
  }

  @Test
  void partitions_are_made_ahead_and_dropped_by_retention() throws IOException {
    Instant longAgo = TestRecords.NOON.minus(Duration.ofDays(20));
    try (InvocationRecorder recorder = start(database)) {
      recorder.record(
          TestRecords.at(longAgo, new TenantId(1), "hello", InvocationStatus.SUCCEEDED, 5));
      recorder.record(TestRecords.plain());
      assertThat(recorder.flush(PATIENCE)).isTrue();
      Awaitility.await().atMost(PATIENCE).until(() -> partitions("invocations_20261124") == 1);
      assertThat(partitions("invocations_20261101")).isEqualTo(1);
    }
    try (InvocationRecorder later =
        InvocationRecorder.start(
            RecordingSettings.in(directory),
            database,
            clock(TestRecords.NOON.plus(Duration.ofDays(11))),
            System::nanoTime)) {
      Awaitility.await().atMost(PATIENCE).until(() -> partitions("invocations_20261101") == 0);
      assertThat(partitions("invocations_20261121")).isEqualTo(1);
      assertThat(later.flush(PATIENCE)).isTrue();
    }
    assertThat(count("invocations")).isEqualTo(1);
  }

  @Test
  void a_role_without_rights_on_tables_definitions_can_record_and_maintain() throws IOException {
    Sql.execute(database, "DROP ROLE IF EXISTS recorder_app");
    Sql.execute(database, "CREATE ROLE recorder_app LOGIN");
    Sql.execute(
        database,
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO recorder_app");
    try (InvocationRecorder recorder = start(new AsRole(database, "recorder_app"))) {
      recorder.record(TestRecords.plain());

      assertThat(recorder.flush(PATIENCE)).isTrue();
      assertThat(recorder.status().databaseFailure()).isEmpty();
    }
    assertThat(count("invocations")).isEqualTo(1);
    Sql.execute(database, "DROP OWNED BY recorder_app");
    Sql.execute(database, "DROP ROLE recorder_app");
  }

  private long partitions(String name) {
    return Sql.number(database, "SELECT count(*) FROM pg_class WHERE relname = '" + name + "'");
  }

  private long count(String table) {
    return Sql.number(database, "SELECT count(*) FROM " + table);
  }

  private static Random seeded() {
    long seed = new Random().nextLong();
    System.out.println("InvocationRecorderIT seed " + seed);
    return new Random(seed);
  }

  private InvocationRecorder start(DataSource with) throws IOException {
    return startIn(directory, with);
  }

  private static InvocationRecorder startIn(Path journal, DataSource with) throws IOException {
    return InvocationRecorder.start(
        RecordingSettings.in(journal), with, clock(TestRecords.NOON), System::nanoTime);
  }

  private static InstantSource clock(Instant now) {
    return InstantSource.fixed(now);
  }

  private static Path copyOf(Path journal) throws IOException {
    Path copy = Files.createTempDirectory(journal, "copy" + UUID.randomUUID());
    try (Stream<Path> files = Files.list(journal)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }
}
