package io.funkhaus.api.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link MetricsQuery}, without gaps.
 *
 * @param from when the first point begins
 * @param to the end that was asked for
 * @param markers versions that were published in the range
 */
public record MetricsView(
    Instant from,
    Instant to,
    long stepSeconds,
    List<Point> points,
    Point totals,
    List<Marker> markers) {

  /**
   * What happened in a span of time. Durations are of queue, init and run together: what callers
   * waited; null where nothing ran.
   *
   * @param at when it begins; absent for totals
   * @param invocations that ran; refused ones are not among them
   * @param maxConcurrency the most of one function that ran at the same time
   */
  public record Point(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant at,
      long invocations,
      long errors,
      long timeouts,
      long refused,
      long coldStarts,
      @Nullable Double p50Millis,
      @Nullable Double p95Millis,
      @Nullable Double p99Millis,
      @Nullable Double maxMillis,
      int maxConcurrency,
      long billedMillis) {}

  /** A version and when it was published. */
  public record Marker(Instant at, int version, String note) {}
}
