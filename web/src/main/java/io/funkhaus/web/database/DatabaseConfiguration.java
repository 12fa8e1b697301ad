package io.funkhaus.web.database;

import io.funkhaus.web.settings.DatabaseSettings;
import io.funkhaus.web.settings.Settings;
import io.funkhaus.web.startup.DataDirectory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the connection pool a database that runs; ends after the pool does. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  @Bean
  Database database(
      Settings settings,
      DataDirectory data,
      @Value("${funkhaus.postgres.version}") String version) {
    return switch (settings.database()) {
      case DatabaseSettings.Embedded() -> EmbeddedPostgres.start(data.path(), version);
      case DatabaseSettings.External external -> ExternalPostgres.reached(external);
    };
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
