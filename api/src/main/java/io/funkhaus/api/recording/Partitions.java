package io.funkhaus.api.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;

/**
 * The daily partitions of one table: made before they are needed, dropped when they are too old.
 * Remembers which are there, so that a batch asks the database for none. Used by the recorder's
 * thread only.
 */
final class Partitions {
  private final String table;
  private final Set<LocalDate> known = new HashSet<>();

  Partitions(String table) {
    this.table = table;
  }

  static LocalDate dayOf(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  /** Makes the partition of a day unless it is there; several instances may do so at once. */
  void ensure(Connection connection, LocalDate day) throws SQLException {
    if (known.contains(day)) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT make_daily_partition(?, ?)")) {
      statement.setString(1, table);
      statement.setObject(2, day);
      statement.execute();
    }
    known.add(day);
  }

  /** To be called when a transaction was rolled back: what it made is not there. */
  void forget() {
    known.clear();
  }

  /** Drops the partitions of days before the given one, and says how many. */
  int dropBefore(Connection connection, LocalDate oldestKept) throws SQLException {
    known.removeIf(day -> day.isBefore(oldestKept));
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT drop_daily_partitions(?, ?)")) {
      statement.setString(1, table);
      statement.setObject(2, oldestKept);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
