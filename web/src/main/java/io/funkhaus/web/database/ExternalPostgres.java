package io.funkhaus.web.database;

import io.funkhaus.web.settings.DatabaseSettings;
import io.funkhaus.web.startup.StartupFailure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Asks once, before anything else is started, whether the operator's PostgreSQL can be used. */
final class ExternalPostgres {
  private static final int OLDEST = 15;

  private ExternalPostgres() {}

  /**
   * @throws StartupFailure that says which of address, user, password, database or version is wrong
   */
  static Database reached(DatabaseSettings.External settings) {
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "10");
    properties.setProperty("loginTimeout", "10");
    try (Connection connection = DriverManager.getConnection(settings.jdbcUrl(), properties)) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST) {
        throw new StartupFailure(
            "The PostgreSQL at "
                + settings.address()
                + " has version "
                + version
                + "; Funkhaus needs "
                + OLDEST
                + " or newer.");
      }
    } catch (SQLException failed) {
      throw new StartupFailure(explanation(settings, failed), failed);
    }
    return new Database(settings.jdbcUrl(), settings.user(), settings.password(), () -> {});
  }

  private static String explanation(DatabaseSettings.External settings, SQLException failed) {
    String where = "The PostgreSQL at " + settings.address();
    String state = failed.getSQLState() == null ? "" : failed.getSQLState();
    return switch (state) {
      case "28P01", "28000" ->
          where
              + " refuses the user "
              + settings.user()
              + " or its password; correct them in FUNKHAUS_DATABASE_URL.";
      case "3D000" ->
          where
              + " has no such database; create it (CREATE DATABASE …) or correct"
              + " FUNKHAUS_DATABASE_URL.";
      case "53300" ->
          where + " has no free connection; raise its max_connections, or close other clients.";
      default ->
          where
              + " cannot be reached ("
              + firstLine(failed)
              + "); start it, or correct FUNKHAUS_DATABASE_URL.";
    };
  }

  private static String firstLine(SQLException failed) {
    Throwable deepest = failed;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
