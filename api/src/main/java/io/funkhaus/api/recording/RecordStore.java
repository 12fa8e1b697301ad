package io.funkhaus.api.recording;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes batches of the journal into PostgreSQL: rows, logs, figures and the position of the
 * journal in one transaction. A batch is there as a whole or not at all, and never twice. Used by
 * the recorder's thread only.
 */
final class RecordStore {
  private static final String INVOCATION_COLUMNS =
      "tenant_id, request_id, function_name, version, alias, trigger, key_id, key_name, status,"
          + " error_type, error_message, error_trace, started_at, queue_micros, init_micros,"
          + " run_micros, billed_millis, cold_start, memory, peak_memory_bytes, payload_bytes,"
          + " result_bytes, log_bytes, log_dropped_bytes, payload, result";
  private static final int INVOCATION_COLUMN_COUNT = INVOCATION_COLUMNS.split(",").length;
  private static final String LOG_COLUMNS = "tenant_id, request_id, started_at, log";

  private static final int DAYS_AHEAD = 3;

  private final DataSource database;
  private final Partitions invocations = new Partitions("invocations");
  private final Partitions logs = new Partitions("invocation_logs");

  RecordStore(DataSource database) {
    this.database = database;
  }

  /** How far a journal has been carried over; empty for one this database has never seen. */
  Optional<JournalPosition> position(UUID journal) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT segment, \"offset\" FROM journal_positions WHERE journal = ?")) {
      statement.setObject(1, journal);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(new JournalPosition(row.getLong(1), row.getInt(2)))
            : Optional.empty();
      }
    }
  }

  /** Writes a batch and moves the journal's position to its end, in one transaction. */
  void write(UUID journal, List<JournalEntry> entries, JournalPosition end) throws SQLException {
    inTransaction(connection -> {
      BinaryCopy rows = new BinaryCopy(INVOCATION_COLUMN_COUNT);
      BinaryCopy logRows = new BinaryCopy(LOG_COLUMNS.split(",").length);
      Rollups rollups = new Rollups();
      for (JournalEntry entry : Interruptions.withoutKnown(connection, entries)) {
        switch (entry) {
          case JournalEntry.Ended ended -> {
            InvocationRecord record = ended.invocation();
            LocalDate day = Partitions.dayOf(record.startedAt());
            invocations.ensure(connection, day);
            addRow(rows, record);
            if (record.log().bytes().length > 0) {
              logs.ensure(connection, day);
              addLog(logRows, record);
            }
            rollups.add(record);
          }
          case JournalEntry.Refused refused -> rollups.add(refused.count());
        }
      }
      copy(connection, "invocations", INVOCATION_COLUMNS, rows);
      copy(connection, "invocation_logs", LOG_COLUMNS, logRows);
      rollups.addTo(connection);
      savePosition(connection, journal, end);
    });
  }

  private static void addRow(BinaryCopy rows, InvocationRecord record) {
    FunctionError error = record.error().orElse(null);
    InvocationRecord.Measures measures = record.measures();
    rows.row()
        .bigint(record.tenant().value())
        .uuid(record.requestId())
        .text(record.target().function())
        .text(record.target().version())
        .text(record.target().alias())
        .text(record.trigger().text())
        .text(record.key().map(key -> key.id().value()).orElse(null))
        .text(record.key().map(key -> StoredText.of(key.name())).orElse(null))
        .text(record.status().text())
        .text(stored(error == null ? null : error.type()))
        .text(stored(error == null ? null : error.message()))
        .text(stored(error == null ? null : String.join("\n", error.trace())))
        .timestamp(record.startedAt())
        .bigint(measures.queueMicros())
        .bigint(measures.initMicros())
        .bigint(measures.runMicros())
        .bigint(measures.billedMillis())
        .bool(measures.coldStart())
        .integer(record.target().memory())
        .bigint(measures.peakMemoryBytes())
        .bigint(record.payload().length())
        .bigint(record.result().length())
        .bigint(record.log().bytes().length + record.log().droppedBytes())
        .bigint(record.log().droppedBytes())
        .bytea(record.payload().bytes(), record.payload().keptBytes())
        .bytea(record.result().bytes(), record.result().keptBytes());
  }

  private static @Nullable String stored(@Nullable String text) {
    return text == null ? null : StoredText.of(text);
  }

  private static void addLog(BinaryCopy rows, InvocationRecord record) {
    byte[] utf8 = StoredText.of(record.log().bytes()).getBytes(StandardCharsets.UTF_8);
    rows.row()
        .bigint(record.tenant().value())
        .uuid(record.requestId())
        .timestamp(record.startedAt())
        .bytea(utf8, utf8.length);
  }

  private static void copy(Connection connection, String table, String columns, BinaryCopy rows)
      throws SQLException {
    if (rows.rows() == 0) {
      return;
    }
    byte[] bytes = rows.finish();
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + table + " (" + columns + ") FROM STDIN (FORMAT binary)");
    try {
      copy.writeToCopy(bytes, 0, bytes.length);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private static void savePosition(Connection connection, UUID journal, JournalPosition end)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            INSERT INTO journal_positions (journal, segment, "offset") VALUES (?, ?, ?)
            ON CONFLICT (journal) DO UPDATE
            SET segment = excluded.segment, "offset" = excluded."offset", updated_at = now()
            """)) {
      statement.setObject(1, journal);
      statement.setLong(2, end.segment());
      statement.setInt(3, end.offset());
      statement.executeUpdate();
    }
  }

  /** Makes the partitions of the days to come and drops what is older than it may be. */
  void maintain(Instant now, RecordingSettings settings) throws SQLException {
    LocalDate today = Partitions.dayOf(now);
    inTransaction(connection -> {
      for (int ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
        invocations.ensure(connection, today.plusDays(ahead));
        logs.ensure(connection, today.plusDays(ahead));
      }
    });
    drop(invocations, now.minus(settings.invocations()));
    drop(logs, now.minus(settings.logs()));
    inTransaction(connection -> {
      try (PreparedStatement statement =
          connection.prepareStatement("DELETE FROM metrics_minute WHERE bucket < ?")) {
        statement.setObject(1, now.minus(settings.minuteFigures()).atOffset(ZoneOffset.UTC));
        statement.executeUpdate();
      }
    });
  }

  /** One table to a transaction: a drop locks the whole table, and readers lock both. */
  private void drop(Partitions partitions, Instant before) throws SQLException {
    inTransaction(connection -> {
      try (Statement statement = connection.createStatement()) {
        // Readers queue up behind a drop that waits: rather try again later.
        statement.execute("SET LOCAL lock_timeout = '2s'");
      }
      partitions.dropBefore(connection, Partitions.dayOf(before));
    });
  }

  private void inTransaction(Work work) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = '60s'");
        }
        work.run(connection);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        invocations.forget();
        logs.forget();
        rollBack(connection, e);
        throw e;
      } finally {
        restoreAutoCommit(connection);
      }
    }
  }

  private static void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException alsoFailed) {
      cause.addSuppressed(alsoFailed);
    }
  }

  private static void restoreAutoCommit(Connection connection) {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException broken) {
      // The pool closes a broken connection; what broke it has been reported.
    }
  }

  @FunctionalInterface
  private interface Work {
    void run(Connection connection) throws SQLException;
  }
}
