package io.funkhaus.api.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Takes out of a batch the interrupted invocations that have a record all the same: the service was
 * killed after it had kept that and before it took back the mark, or while it looked after the
 * marks of an earlier run. That record was appended to the journal before, so it is in the database
 * by now, or further ahead in this batch. {@link RecordStore} asks for each batch; nearly always
 * there is nothing to do.
 */
final class Interruptions {
  private Interruptions() {}

  static List<JournalEntry> withoutKnown(Connection connection, List<JournalEntry> batch)
      throws SQLException {
    if (batch.stream().noneMatch(Interruptions::isInterrupted)) {
      return batch;
    }
    Set<UUID> ahead = new HashSet<>();
    List<JournalEntry> kept = new ArrayList<>(batch.size());
    try (PreparedStatement known =
        connection.prepareStatement(
            "SELECT FROM invocations WHERE tenant_id = ? AND started_at = ? AND request_id = ?")) {
      for (JournalEntry entry : batch) {
        if (!isKnown(entry, ahead, known)) {
          kept.add(entry);
        }
      }
    }
    return kept;
  }

  private static boolean isInterrupted(JournalEntry entry) {
    return entry instanceof JournalEntry.Ended(InvocationRecord record)
        && record.status() == InvocationStatus.INTERRUPTED;
  }

  /**
   * @param ahead ids of the records before this one in the batch; gets that of this one
   */
  private static boolean isKnown(JournalEntry entry, Set<UUID> ahead, PreparedStatement known)
      throws SQLException {
    if (!(entry instanceof JournalEntry.Ended(InvocationRecord record))) {
      return false;
    }
    boolean first = ahead.add(record.requestId());
    return isInterrupted(entry) && (!first || isInDatabase(known, record));
  }

  private static boolean isInDatabase(PreparedStatement known, InvocationRecord record)
      throws SQLException {
    known.setLong(1, record.tenant().value());
    known.setObject(2, record.startedAt().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
    known.setObject(3, record.requestId());
    try (ResultSet row = known.executeQuery()) {
      return row.next();
    }
  }
}
