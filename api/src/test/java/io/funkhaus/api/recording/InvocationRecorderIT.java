package io.funkhaus.api.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvocationRecorderIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final DataSource database = TestDatabase.newDataSource();

  @TempDir Path directory;

  @Test
  void what_was_recorded_is_in_the_database_after_a_flush() throws IOException {
    try (InvocationRecorder recorder = start()) {
      recorder.record(TestRecords.plain());

      assertThat(recorder.flush(PATIENCE)).isTrue();
      assertThat(count("invocations")).isEqualTo(1);
      assertThat(count("metrics_minute")).isEqualTo(1);
    }
  }

  @Test
  void random_records_are_all_kept_whatever_bytes_they_hold() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (InvocationRecorder recorder = start()) {
      int kept = 0;
      for (int i = 0; i < 5_000; i++) {
        InvocationRecord record = TestRecords.random(random);
        recorder.record(record);
        kept += record.status() == InvocationStatus.REFUSED ? 0 : 1;
      }

      assertThat(recorder.flush(PATIENCE)).isTrue();
      assertThat(Sql.number(database, "SELECT count(*) FROM invocations WHERE status <> 'refused'"))
          .isEqualTo(kept);
      assertThat(recorder.status().rejectedRecords()).isZero();
    }
  }

  private long count(String table) {
    return Sql.number(database, "SELECT count(*) FROM " + table);
  }

  private InvocationRecorder start() throws IOException {
    return InvocationRecorder.start(
        RecordingSettings.in(directory),
        database,
        InstantSource.fixed(TestRecords.NOON),
        System::nanoTime);
  }
}
