package io.funkhaus.api.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A service killed with SIGKILL loses nothing it answered, and repeats nothing. */
class KilledServiceIT {
  private static final int ROUNDS = 5;

  @TempDir Path journal;

  @Test
  void every_invocation_is_in_the_database_once_after_a_kill_at_any_moment() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("KilledServiceIT seed " + seed);
    Random random = new Random(seed);
    String url = TestDatabase.newUrl();
    Set<UUID> begun = new HashSet<>();
    Set<UUID> answered = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      int before = answered.size();
      answersUntilKilled(url, 1 + random.nextInt(20_000), begun, answered);
      assertThat(answered.size()).isGreaterThan(before);
    }
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(url);
    try (InvocationRecorder recorder =
        InvocationRecorder.start(
            RecordingSettings.in(journal), database, InstantSource.system(), System::nanoTime)) {
      assertThat(recorder.flush(Duration.ofSeconds(60))).isTrue();
      assertThat(recorder.status().rejectedRecords()).isZero();
    }
    JdbcTemplate jdbc = new JdbcTemplate(database);
    Set<UUID> stored =
        new HashSet<>(jdbc.queryForList("SELECT request_id FROM invocations", UUID.class));
    System.out.println(answered.size() + " answered, " + stored.size() + " stored");
    assertThat(stored).containsAll(begun);
    Set<UUID> interrupted =
        new HashSet<>(
            jdbc.queryForList(
                "SELECT request_id FROM invocations WHERE status = 'interrupted'", UUID.class));
    System.out.println(interrupted.size() + " interrupted");
    assertThat(interrupted)
        .hasSizeLessThanOrEqualTo(ROUNDS * RecordingProcess.THREADS)
        .doesNotContainAnyElementsOf(answered);
    assertThat(stored).containsAll(answered);
    assertThat(Sql.number(database, "SELECT count(*) FROM invocations")).isEqualTo(stored.size());
    assertThat(Sql.number(database, "SELECT sum(invocations) FROM metrics_minute"))
        .isEqualTo(stored.size());
  }

  /** Starts the service and kills it after so many answers, which it may be in the midst of. */
  private void answersUntilKilled(String url, int answers, Set<UUID> begun, Set<UUID> answered)
      throws IOException, InterruptedException {
    Process service =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                RecordingProcess.class.getName(),
                journal.toString(),
                url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = service.inputReader()) {
      int read = 0;
      String line = lines.readLine();
      while (line != null) {
        // The last line may be cut off.
        if (line.matches("\\+.{36}")) {
          begun.add(UUID.fromString(line.substring(1)));
        } else if (line.matches("[^+].{35}")) {
          answered.add(UUID.fromString(line));
          read++;
        }
        if (read == answers) {
          // Through the handle: the process itself would close the stream that is read here.
          service.toHandle().destroyForcibly();
        }
        line = lines.readLine();
      }
    } finally {
      service.destroyForcibly();
      service.waitFor();
    }
  }
}
