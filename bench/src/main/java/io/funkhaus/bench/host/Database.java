package io.funkhaus.bench.host;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The records of invocations as PostgreSQL has them; read, never written. */
public final class Database implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("(?m)^port = ([0-9]+)$");

  private final Connection connection;

  /** The embedded database of the service that runs from this data directory. */
  public Database(Path data) throws IOException, SQLException {
    Matcher port = PORT.matcher(Files.readString(data.resolve("postgres/funkhaus.conf")));
    if (!port.find()) {
      throw new IOException("the settings of the embedded PostgreSQL name no port");
    }
    Properties passwords = new Properties();
    try (Reader reader = Files.newBufferedReader(data.resolve("postgres-passwords"))) {
      passwords.load(reader);
    }
    connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + port.group(1) + "/funkhaus",
            "funkhaus",
            passwords.getProperty("funkhaus"));
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
  }

  /** How often each invocation of a function since then is stored. */
  public Map<UUID, Integer> stored(String function, Instant since) throws SQLException {
    Map<UUID, Integer> stored = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT request_id FROM invocations WHERE function_name = ? AND started_at >= ?")) {
      statement.setString(1, function);
      statement.setTimestamp(2, Timestamp.from(since));
      statement.setFetchSize(10_000);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          stored.merge((UUID) rows.getObject(1), 1, Integer::sum);
        }
      }
    }
    connection.commit();
    return stored;
  }

  /** Rows, and different request ids among them. */
  public record Count(long rows, long different) {}

  public Count count(String function, Instant since) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT count(*), count(DISTINCT request_id) FROM invocations WHERE function_name = ? AND started_at >= ?")) {
      statement.setString(1, function);
      statement.setTimestamp(2, Timestamp.from(since));
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return new Count(rows.getLong(1), rows.getLong(2));
      }
    } finally {
      connection.commit();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
