package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a warm call costs on its whole way: HTTP, key, quota, dispatch, sandbox, log and record. */
class WarmCallIT {
  private static final int WARM_UP = 4_000;
  private static final int CALLS = 4_000;

  /** Measured: 21,700, of all threads together. */
  private static final long MOST_BYTES = 30_000;

  /** Records are stored many at a time; beside them the service looks after itself. */
  private static final int CALLS_PER_TRANSACTION = 20;

  private final RunningService service = RunningService.shared();
  private final JdbcClient database = JdbcClient.create(service.bean(DataSource.class));

  @Test
  void a_warm_call_allocates_little_and_waits_for_no_database() throws IOException {
    Workspace workspace = Workspace.signUp(service);
    try (Connection connection = new Connection(service, workspace.key())) {
      connection.call(WARM_UP);
      long transactions = transactions();
      long allocated = threads().getTotalThreadAllocatedBytes();
      connection.call(CALLS);
      long bytes = (threads().getTotalThreadAllocatedBytes() - allocated) / CALLS;
      awaitRecords(workspace);
      long began = transactions() - transactions;
      System.out.printf("warm call: %d bytes, %d transactions for %d%n", bytes, began, CALLS);

      assertThat(bytes).as("bytes allocated per call").isLessThan(MOST_BYTES);
      assertThat(began).as("transactions").isLessThan(CALLS / CALLS_PER_TRANSACTION);
    }
  }

  private void awaitRecords(Workspace workspace) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            database
                    .sql(
                        """
                        SELECT count(*)
                          FROM invocations i
                          JOIN memberships m ON m.tenant_id = i.tenant_id
                          JOIN users u ON u.id = m.user_id WHERE u.email = ?
                        """)
                    .param(workspace.email())
                    .query(Long.class)
                    .single()
                == WARM_UP + CALLS);
  }

  /** Of everybody, as PostgreSQL counts them, which it does with a delay. */
  private long transactions() {
    return database
        .sql(
            """
            SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()
            """)
        .query(Long.class)
        .single();
  }

  private static ThreadMXBean threads() {
    return (ThreadMXBean) ManagementFactory.getThreadMXBean();
  }

  /** Calls one after another on one connection, without garbage of its own. */
  private static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final byte[] request;
    private final byte[] answer = new byte[4_096];

    Connection(RunningService service, String key) throws IOException {
      String payload = "{\"name\":\"Alice\"}";
      request =
          """
          POST /api/v1/functions/hello/invocations HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Content-Type: application/json\r
          Content-Length: %d\r
          \r
          %s\
          """
              .formatted(key, payload.length(), payload)
              .getBytes(StandardCharsets.US_ASCII);
      socket = new Socket(InetAddress.getLoopbackAddress(), service.url().getPort());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(60_000);
    }

    void call(int times) throws IOException {
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      for (int i = 0; i < times; i++) {
        out.write(request);
        int length = 0;
        while (length == 0 || !ended(length)) {
          int read = in.read(answer, length, answer.length - length);
          if (read < 0) {
            throw new IOException("no more answers after " + i);
          }
          length += read;
        }
        if (answer[9] != '2') {
          throw new IOException(new String(answer, 0, length, StandardCharsets.UTF_8));
        }
      }
    }

    /** What the function answers is a JSON string that ends with an exclamation mark. */
    private boolean ended(int length) {
      return (answer[length - 1] == '"' && answer[length - 2] == '!') || answer[9] != '2';
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
