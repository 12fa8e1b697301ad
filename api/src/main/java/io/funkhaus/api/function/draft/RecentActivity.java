package io.funkhaus.api.function.draft;

import io.funkhaus.api.caller.TenantId;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the records of invocations say about functions: one index probe and 25 hours each. */
@Repository
class RecentActivity {
  private static final Duration SPAN = Duration.ofHours(24);

  private final JdbcClient jdbc;
  private final InstantSource clock;

  RecentActivity(JdbcClient jdbc, InstantSource clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** Counts since the hour that was 24 hours ago began. */
  record Counts(long invocations, long errors) {
    static final Counts NONE = new Counts(0, 0);
  }

  List<FunctionSummary> summarise(TenantId tenant, List<FunctionView> functions) {
    if (functions.isEmpty()) {
      return List.of();
    }
    String[] names = functions.stream().map(FunctionView::name).toArray(String[]::new);
    Map<String, FunctionSummary.LastInvocation> last = lastInvocations(tenant, names);
    Map<String, Counts> counts = counts(tenant, names);
    return functions.stream()
        .map(function -> {
          Counts of = counts.getOrDefault(function.name(), Counts.NONE);
          return new FunctionSummary(
              function, last.get(function.name()), of.invocations(), of.errors());
        })
        .toList();
  }

  private Map<String, FunctionSummary.LastInvocation> lastInvocations(
      TenantId tenant, String[] names) {
    Map<String, FunctionSummary.LastInvocation> found = new HashMap<>();
    jdbc.sql(
            """
            SELECT f.name, i.request_id, i.status, i.started_at
              FROM unnest(?::text[]) AS f (name)
             CROSS JOIN LATERAL (
                   SELECT request_id, status, started_at FROM invocations
                    WHERE tenant_id = ? AND function_name = f.name
                    ORDER BY started_at DESC, request_id DESC LIMIT 1) i
            """)
        .params(names, tenant.value())
        .query(row -> {
          found.put(
              row.getString("name"),
              new FunctionSummary.LastInvocation(
                  row.getObject("request_id", UUID.class),
                  row.getString("status"),
                  row.getTimestamp("started_at").toInstant()));
        });
    return found;
  }

  private Map<String, Counts> counts(TenantId tenant, String[] names) {
    Instant from = clock.instant().minus(SPAN).truncatedTo(ChronoUnit.HOURS);
    Map<String, Counts> found = new HashMap<>();
    jdbc.sql(
            """
            SELECT function_name, sum(invocations) AS invocations, sum(errors) AS errors FROM metrics_hour
             WHERE tenant_id = ? AND function_name = ANY (?::text[]) AND bucket >= ?
             GROUP BY function_name
            """)
        .params(tenant.value(), names, Timestamp.from(from))
        .query(row -> {
          found.put(
              row.getString("function_name"),
              new Counts(row.getLong("invocations"), row.getLong("errors")));
        });
    return found;
  }
}
