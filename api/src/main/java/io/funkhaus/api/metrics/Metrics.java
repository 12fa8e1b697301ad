package io.funkhaus.api.metrics;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.recording.Granularity;
import io.funkhaus.api.recording.InvocationRecorder;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Figures over time, for the REST controller and the console's pages. Reads the widest buckets that
 * add up to the step, so that a month costs about what an hour does.
 */
public final class Metrics {
  private static final Duration OWN_WRITES = Duration.ofSeconds(2);
  private static final int QUERY_SECONDS = 10;

  private final JdbcClient database;
  private final InvocationRecorder recorder;

  Metrics(DataSource database, InvocationRecorder recorder) {
    JdbcTemplate bounded = new JdbcTemplate(database);
    bounded.setQueryTimeout(QUERY_SECONDS);
    this.database = JdbcClient.create(bounded);
    this.recorder = recorder;
  }

  /** The points of a range; a function that never ran has points of zeros. */
  public MetricsView query(Caller caller, MetricsQuery query) {
    TenantId tenant = caller.requireFull().tenant();
    recorder.flush(OWN_WRITES);
    Span[] spans =
        IntStream.range(0, query.pointCount()).mapToObj(i -> new Span()).toArray(Span[]::new);
    Span total = new Span();
    read(
        tenant,
        query,
        row -> {
          Instant bucket = row.getObject("bucket", OffsetDateTime.class).toInstant();
          long point =
              Duration.between(query.firstPoint(), bucket).toSeconds() / query.step().toSeconds();
          spans[Math.toIntExact(point)].add(row);
          total.add(row);
        });
    List<MetricsView.Point> points = new ArrayList<>(spans.length);
    for (int i = 0; i < spans.length; i++) {
      points.add(spans[i].point(query.firstPoint().plus(query.step().multipliedBy(i))));
    }
    return new MetricsView(
        query.firstPoint(),
        query.to(),
        query.step().toSeconds(),
        points,
        total.point(null),
        markers(tenant, query));
  }

  private void read(TenantId tenant, MetricsQuery query, RowCallbackHandler rows) {
    List<Object> parameters = new ArrayList<>(List.of(tenant.value()));
    StringBuilder sql =
        new StringBuilder("SELECT * FROM ")
            .append(Granularity.forStep(query.step()).table())
            .append(" WHERE tenant_id = ?");
    query
        .function()
        .ifPresent(name -> {
          sql.append(" AND function_name = ?");
          parameters.add(name.value());
        });
    query
        .version()
        .ifPresent(version -> {
          sql.append(" AND version = ?");
          parameters.add(version);
        });
    sql.append(" AND bucket >= ? AND bucket < ?");
    parameters.add(timestamp(query.firstPoint()));
    parameters.add(timestamp(query.to()));
    database.sql(sql.toString()).params(parameters).query(rows);
  }

  private List<MetricsView.Marker> markers(TenantId tenant, MetricsQuery query) {
    if (query.function().isEmpty()) {
      return List.of();
    }
    return database
        .sql(
            """
            SELECT v.created_at, v.number, v.note
            FROM versions v JOIN functions f ON f.tenant_id = v.tenant_id AND f.id = v.function_id
            WHERE f.tenant_id = ? AND f.name = ? AND f.deleted_at IS NULL
              AND v.created_at >= ? AND v.created_at < ?
            ORDER BY v.number
            """)
        .params(
            tenant.value(),
            query.function().get().value(),
            timestamp(query.firstPoint()),
            timestamp(query.to()))
        .query((row, number) ->
            new MetricsView.Marker(
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("number"),
                row.getString("note")))
        .list();
  }

  private static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
