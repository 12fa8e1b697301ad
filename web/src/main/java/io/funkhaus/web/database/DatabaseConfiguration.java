package io.funkhaus.web.database;

import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the connection pool a database that runs; ends after the pool does. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  @Bean
  Database database(DatabaseStart start) {
    return start.take();
  }

  @Bean
  JdbcConnectionDetails jdbcConnectionDetails(Database database) {
    return new ConnectionDetails(database);
  }

  /**
   * Migrations have connections of their own: those of the pool give up after half a minute, which
   * is too short for an index of many millions of rows.
   */
  @Bean
  FlywayConnectionDetails flywayConnectionDetails(Database database) {
    return new MigrationDetails(database);
  }

  private record MigrationDetails(Database database) implements FlywayConnectionDetails {
    @Override
    public String getJdbcUrl() {
      return database.jdbcUrl();
    }

    @Override
    public String getUsername() {
      return database.user();
    }

    @Override
    public String getPassword() {
      return database.password();
    }
  }

  private record ConnectionDetails(Database database) implements JdbcConnectionDetails {
    @Override
    public String getJdbcUrl() {
      return database.jdbcUrl();
    }

    @Override
    public String getUsername() {
      return database.user();
    }

    @Override
    public String getPassword() {
      return database.password();
    }
  }
}
