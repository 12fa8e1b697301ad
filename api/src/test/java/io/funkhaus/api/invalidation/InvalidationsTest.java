package io.funkhaus.api.invalidation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.transaction.IllegalTransactionStateException;

class InvalidationsTest {

  @Test
  void a_change_outside_of_a_transaction_is_refused_before_anybody_is_told() {
    Invalidations invalidations = new Invalidations(JdbcClient.create(new Unreachable()));

    assertThatThrownBy(() -> invalidations.publish("function", "7"))
        .isInstanceOf(IllegalTransactionStateException.class)
        .hasMessageContaining("function");
  }

  private static final class Unreachable extends AbstractDataSource {
    @Override
    public Connection getConnection() {
      throw new AssertionError("the database is asked");
    }

    @Override
    public Connection getConnection(String user, String password) {
      return getConnection();
    }
  }
}
