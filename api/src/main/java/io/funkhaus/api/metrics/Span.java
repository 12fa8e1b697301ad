package io.funkhaus.api.metrics;

import io.funkhaus.api.recording.LatencyHistogram;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Adds up the rows of a span of time. */
final class Span {
  private static final double MICROS_PER_MILLI = 1_000.0;

  private final LatencyHistogram latency = new LatencyHistogram();
  private long invocations;
  private long errors;
  private long timeouts;
  private long refused;
  private long coldStarts;
  private long maxMicros;
  private int maxConcurrency;
  private long billedMillis;

  void add(ResultSet row) throws SQLException {
    invocations += row.getLong("invocations");
    errors += row.getLong("errors");
    timeouts += row.getLong("timeouts");
    refused += row.getLong("refused");
    coldStarts += row.getLong("cold_starts");
    maxMicros = Math.max(maxMicros, row.getLong("max_micros"));
    maxConcurrency = Math.max(maxConcurrency, row.getInt("max_concurrency"));
    billedMillis += row.getLong("billed_millis");
    latency.add(
        (Short[]) row.getArray("bins").getArray(), (Long[]) row.getArray("counts").getArray());
  }

  MetricsView.Point point(@Nullable Instant at) {
    return new MetricsView.Point(
        at,
        invocations,
        errors,
        timeouts,
        refused,
        coldStarts,
        percentile(0.50),
        percentile(0.95),
        percentile(0.99),
        latency.isEmpty() ? null : (double) maxMicros / MICROS_PER_MILLI,
        maxConcurrency,
        billedMillis);
  }

  /** Never above the maximum, although a bin reaches beyond it. */
  private @Nullable Double percentile(double share) {
    return latency.isEmpty()
        ? null
        : Math.min(latency.percentile(share), (double) maxMicros) / MICROS_PER_MILLI;
  }
}
