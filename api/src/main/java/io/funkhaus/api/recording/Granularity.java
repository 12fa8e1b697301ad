package io.funkhaus.api.recording;

import java.time.Duration;
import java.time.Instant;

/** The widths of time for which figures are kept. A query reads the widest that fits its step. */
public enum Granularity {
  MINUTE("metrics_minute", Duration.ofMinutes(1)),
  HOUR("metrics_hour", Duration.ofHours(1)),
  DAY("metrics_day", Duration.ofDays(1));

  private final String table;
  private final Duration width;

  Granularity(String table, Duration width) {
    this.table = table;
    this.width = width;
  }

  /** The widest whose buckets add up to the step exactly. */
  public static Granularity forStep(Duration step) {
    if (step.toSeconds() % DAY.width.toSeconds() == 0) {
      return DAY;
    }
    return step.toSeconds() % HOUR.width.toSeconds() == 0 ? HOUR : MINUTE;
  }

  /** The table of the database. */
  public String table() {
    return table;
  }

  public Duration width() {
    return width;
  }

  /** Start of the bucket that holds a time; buckets are aligned to UTC. */
  Instant bucket(Instant time) {
    long seconds = width.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
  }
}
