package io.funkhaus.api.metrics;

import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.invocation.InvocationFilter;
import io.funkhaus.api.problem.InvalidValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is asked of the metrics. The first point begins at or before {@code from}, the last one
 * begins before {@code to}; points are aligned to UTC.
 *
 * @param function empty for the whole tenant
 * @param version a number or {@code $LATEST}; empty for all
 * @param step width of a point, whole minutes
 */
public record MetricsQuery(
    Optional<FunctionName> function,
    Optional<String> version,
    Instant from,
    Instant to,
    Duration step) {

  /** More points than a screen has pixels help nobody. */
  public static final int MAX_POINTS = 1_500;

  /** Refuses ranges that are empty and steps that make too many points, or none that are kept. */
  public MetricsQuery {
    version.ifPresent(InvocationFilter::requireVersion);
    if (!from.isBefore(to)) {
      throw new InvalidValueException(
          "from", from, "from must be before to, was " + from + " with to " + to);
    }
    if (step.toSeconds() < 60 || step.toSeconds() % 60 != 0) {
      throw new InvalidValueException(
          "step",
          step.toSeconds(),
          "step must be 1m, 5m, 1h, 1d or a number of seconds that is a multiple of 60, was "
              + step.toSeconds());
    }
    long points = points(from, to, step);
    if (points > MAX_POINTS) {
      throw new InvalidValueException(
          "step",
          step.toSeconds(),
          "step must give at most "
              + MAX_POINTS
              + " points between from and to, a step of "
              + step.toSeconds()
              + " seconds gives "
              + points);
    }
  }

  /** The step for a range when none is asked for: some 30 to 200 points. */
  public static Duration usualStep(Instant from, Instant to) {
    Duration range = Duration.between(from, to);
    if (range.compareTo(Duration.ofHours(3)) <= 0) {
      return Duration.ofMinutes(1);
    }
    if (range.compareTo(Duration.ofHours(12)) <= 0) {
      return Duration.ofMinutes(5);
    }
    if (range.compareTo(Duration.ofDays(2)) <= 0) {
      return Duration.ofMinutes(15);
    }
    return range.compareTo(Duration.ofDays(8)) <= 0 ? Duration.ofHours(1) : Duration.ofDays(1);
  }

  /** When the first point begins. */
  Instant firstPoint() {
    return aligned(from, step);
  }

  int pointCount() {
    return Math.toIntExact(points(from, to, step));
  }

  private static long points(Instant from, Instant to, Duration step) {
    long seconds = Duration.between(aligned(from, step), to).plusNanos(999_999_999).toSeconds();
    return Math.ceilDiv(seconds, step.toSeconds());
  }

  private static Instant aligned(Instant time, Duration step) {
    long seconds = step.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
  }
}
