package io.funkhaus.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.invalidation.Invalidations;
import io.funkhaus.api.key.ApiKeys;
import io.funkhaus.api.key.KeyCheck;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What checking a key costs on the path of a request. */
class KeyCheckIT {

  private static final int CALLS = 200_000;

  private final RunningService service = RunningService.shared();
  private final ApiKeys keys = service.bean(ApiKeys.class);
  private final JdbcTemplate database = service.bean(JdbcTemplate.class);

  @Test
  void a_known_key_is_checked_without_the_database_in_microseconds() {
    String header = "Bearer " + Workspace.signUp(service).key();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> service.bean(Invalidations.class).live());
    check(header, CALLS / 4);
    long scansBefore = scansOfKeys();

    long nanos = check(header, CALLS);

    System.out.println("key check: " + nanos / CALLS + " ns each");
    assertThat(nanos / CALLS).isLessThan(20_000);
    assertThat(scansOfKeys() - scansBefore).isLessThan(100);
  }

  @Test
  void a_key_that_does_not_exist_does_not_reach_the_database_each_time() {
    String header = "Bearer fk_000000000000_" + "0".repeat(43) + "_1oaD0a";
    assertThat(keys.authenticate(header, "192.0.2.1"))
        .isEqualTo(new KeyCheck.Rejected(KeyCheck.Reason.UNKNOWN));
    long scansBefore = scansOfKeys();

    for (int i = 0; i < 10_000; i++) {
      keys.authenticate(header, "192.0.2.1");
    }

    assertThat(scansOfKeys() - scansBefore).isLessThan(100);
  }

  private long check(String header, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      if (!(keys.authenticate(header, "192.0.2.1") instanceof KeyCheck.Authenticated)) {
        throw new AssertionError("the key was refused at call " + i);
      }
    }
    return System.nanoTime() - start;
  }

  /** Reads of the table by anybody; other tests may be the reason for a few. */
  private long scansOfKeys() {
    // The figures of idle connections are published late; a connection's own, when asked to.
    database.queryForList("SELECT pg_stat_force_next_flush()");
    Long scans =
        database.queryForObject(
            "SELECT coalesce(idx_scan, 0) + coalesce(seq_scan, 0) FROM pg_stat_user_tables WHERE relname = 'api_keys'",
            Long.class);
    return scans == null ? 0 : scans;
  }
}
