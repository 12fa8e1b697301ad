package io.funkhaus.web.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.RunningService;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** A migration may take as long as it takes: a start that gives up would give up each time. */
class MigrationLimitsIT {
  @Test
  void neither_the_server_nor_the_driver_ends_a_long_migration() throws SQLException {
    Flyway flyway = RunningService.shared().bean(Flyway.class);
    try (Connection connection = flyway.getConfiguration().getDataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW statement_timeout")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("0");
      assertThat(connection.getNetworkTimeout()).isZero();
    }
  }
}
