package io.funkhaus.web.database;

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
