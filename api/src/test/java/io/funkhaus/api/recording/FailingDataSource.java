package io.funkhaus.api.recording;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A real database whose connection breaks when a test says so: at the commit, or right after the
 * commit took effect and before anybody heard of it.
 */
final class FailingDataSource extends DelegatingDataSource {
  private final AtomicInteger commitsToFail = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean afterTheFact;
  private volatile boolean always;

  FailingDataSource(DataSource database) {
    super(database);
  }

  void failNext(int commits, boolean afterTheyTookEffect) {
    afterTheFact = afterTheyTookEffect;
    commitsToFail.set(commits);
  }

  /** No connection at all, as with a database that is away. */
  void failAlways(boolean now) {
    always = now;
  }

  int failures() {
    return failures.get();
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (always) {
      throw new SQLException("connection refused", "08001");
    }
    Connection real = super.getConnection();
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              boolean fails =
                  method.getName().equals("commit")
                      && commitsToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
              if (fails && !afterTheFact) {
                throw broken();
              }
              try {
                Object answer = method.invoke(real, arguments);
                if (fails) {
                  throw broken();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private SQLException broken() {
    failures.incrementAndGet();
    return new SQLException("connection reset", "08006");
  }
}
