package io.funkhaus.api.recording;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL, one per test JVM; every test takes a migrated database of its own. */
public final class TestDatabase {
  private static @Nullable EmbeddedPostgres server;
  private static int databases;

  private TestDatabase() {}

  /** A new, migrated, empty database. */
  public static synchronized DataSource migrated() {
    EmbeddedPostgres running = server();
    String name = "test" + ++databases;
    try (Connection connection = running.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    DataSource database = running.getDatabase("postgres", name);
    Flyway.configure().dataSource(database).locations("classpath:db/migrations").load().migrate();
    return database;
  }

  private static EmbeddedPostgres server() {
    try {
      if (server == null) {
        server = EmbeddedPostgres.builder().start();
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One number out of the database. */
  public static long number(DataSource database, String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
