package io.funkhaus.api;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL, one per JVM of tests, with a migrated database for whoever asks. Databases are
 * copied from a template: a few tens of milliseconds each.
 */
public final class TestDatabase {
  private static final String TEMPLATE = "migrated";
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static @Nullable EmbeddedPostgres server;

  private TestDatabase() {}

  /** The URL of a new, migrated, empty database; user and password are in it. */
  public static String newUrl() {
    return server().getJdbcUrl("postgres", newDatabase());
  }

  /** A data source (without a pool) of a new, migrated, empty database. */
  public static DataSource newDataSource() {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(newUrl());
    return dataSource;
  }

  private static synchronized String newDatabase() {
    String name = "test_" + NUMBER.incrementAndGet();
    execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    return name;
  }

  private static synchronized EmbeddedPostgres server() {
    if (server != null) {
      return server;
    }
    try {
      EmbeddedPostgres started =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off")
              .setServerConfig("max_connections", "200")
              .start();
      server = started;
      execute("CREATE DATABASE " + TEMPLATE);
      Flyway.configure()
          .dataSource(started.getJdbcUrl("postgres", TEMPLATE), "postgres", "postgres")
          .locations("classpath:db/migrations")
          .load()
          .migrate();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL for the tests does not start", e);
    }
  }

  private static void execute(String sql) {
    try (Connection connection = server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + " failed", e);
    }
  }
}
