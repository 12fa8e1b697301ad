package io.funkhaus.api.recording;

import io.funkhaus.api.caller.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The figures of one batch, added up in memory and then onto the rows of the database. Not
 * thread-safe; made for one batch.
 */
final class Rollups {
  // Rows are locked in this order by every instance, so that two never wait for each other.
  private final Map<Granularity, Map<Key, Figures>> byWidth =
      Map.of(
          Granularity.MINUTE, new TreeMap<>(),
          Granularity.HOUR, new TreeMap<>(),
          Granularity.DAY, new TreeMap<>());

  void add(InvocationRecord record) {
    for (Granularity width : Granularity.values()) {
      figures(
              width,
              record.tenant(),
              record.target().function(),
              record.target().version(),
              record.startedAt())
          .add(record);
    }
  }

  void add(RefusedCount count) {
    for (Granularity width : Granularity.values()) {
      figures(width, count.tenant(), count.function(), count.version(), count.at()).refused +=
          count.count();
    }
  }

  private Figures figures(
      Granularity width, TenantId tenant, String function, String version, Instant at) {
    Key key = new Key(tenant.value(), function, version, width.bucket(at));
    return figuresOf(width).computeIfAbsent(key, absent -> new Figures());
  }

  private Map<Key, Figures> figuresOf(Granularity width) {
    return Objects.requireNonNull(byWidth.get(width));
  }

  /** Adds everything onto the database's rows, within the caller's transaction. */
  void addTo(Connection connection) throws SQLException {
    for (Granularity width : Granularity.values()) {
      try (PreparedStatement statement = connection.prepareStatement(addTo(width.table()))) {
        for (Map.Entry<Key, Figures> entry : figuresOf(width).entrySet()) {
          bind(connection, statement, entry.getKey(), entry.getValue());
          statement.addBatch();
        }
        statement.executeBatch();
      }
    }
  }

  /** Histograms are added bin by bin, the rest is summed or the greater. */
  private static String addTo(String table) {
    return """
    INSERT INTO %s AS kept (tenant_id, function_name, version, bucket, invocations, errors, timeouts,
      refused, cold_starts, billed_millis, max_micros, max_concurrency, bins, counts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (tenant_id, function_name, version, bucket) DO UPDATE SET
      invocations = kept.invocations + excluded.invocations,
      errors = kept.errors + excluded.errors,
      timeouts = kept.timeouts + excluded.timeouts,
      refused = kept.refused + excluded.refused,
      cold_starts = kept.cold_starts + excluded.cold_starts,
      billed_millis = kept.billed_millis + excluded.billed_millis,
      max_micros = greatest(kept.max_micros, excluded.max_micros),
      max_concurrency = greatest(kept.max_concurrency, excluded.max_concurrency),
      (bins, counts) = (
        SELECT coalesce(array_agg(bin ORDER BY bin), '{}'), coalesce(array_agg(hits ORDER BY bin), '{}')
        FROM (
          SELECT bin, sum(hits)::bigint AS hits
          FROM (
            SELECT * FROM unnest(kept.bins, kept.counts)
            UNION ALL
            SELECT * FROM unnest(excluded.bins, excluded.counts)
          ) AS both_sides (bin, hits)
          GROUP BY bin
        ) AS merged)
    """
        .formatted(table);
  }

  private static void bind(
      Connection connection, PreparedStatement statement, Key key, Figures figures)
      throws SQLException {
    int i = 1;
    statement.setLong(i++, key.tenant());
    statement.setString(i++, key.function());
    statement.setString(i++, key.version());
    statement.setObject(i++, key.bucket().atOffset(ZoneOffset.UTC));
    statement.setLong(i++, figures.invocations);
    statement.setLong(i++, figures.errors);
    statement.setLong(i++, figures.timeouts);
    statement.setLong(i++, figures.refused);
    statement.setLong(i++, figures.coldStarts);
    statement.setLong(i++, figures.billedMillis);
    statement.setLong(i++, figures.maxMicros);
    statement.setInt(i++, figures.maxConcurrency);
    statement.setArray(i++, connection.createArrayOf("int2", figures.latency.bins()));
    statement.setArray(i, connection.createArrayOf("int8", figures.latency.hits()));
  }

  private record Key(long tenant, String function, String version, Instant bucket)
      implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparingLong(Key::tenant)
            .thenComparing(Key::function)
            .thenComparing(Key::version)
            .thenComparing(Key::bucket);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private static final class Figures {
    private final LatencyHistogram latency = new LatencyHistogram();
    private long invocations;
    private long errors;
    private long timeouts;
    private long refused;
    private long coldStarts;
    private long billedMillis;
    private long maxMicros;
    private int maxConcurrency;

    private void add(InvocationRecord record) {
      if (record.status() == InvocationStatus.REFUSED) {
        refused++;
        return;
      }
      InvocationRecord.Measures measures = record.measures();
      invocations++;
      errors += record.status().isError() ? 1 : 0;
      timeouts += record.status() == InvocationStatus.TIMED_OUT ? 1 : 0;
      coldStarts += measures.coldStart() ? 1 : 0;
      billedMillis += measures.billedMillis();
      maxConcurrency = Math.max(maxConcurrency, record.concurrencyAtStart());
      if (record.status()
          != InvocationStatus.INTERRUPTED) { // how long it would have taken nobody knows
        maxMicros = Math.max(maxMicros, measures.totalMicros());
        latency.record(measures.totalMicros());
      }
    }
  }
}
