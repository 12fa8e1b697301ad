package io.funkhaus.api.recording;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Connections that act as another role of the database. */
final class AsRole extends DelegatingDataSource {
  private final String role;

  AsRole(DataSource database, String role) {
    super(database);
    this.role = role;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE " + role);
    }
    return connection;
  }
}
