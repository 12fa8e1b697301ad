package io.funkhaus.api.recording;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How records are kept.
 *
 * @param journal directory of the journal, used by this process alone
 * @param journalLimitBytes what may wait there for PostgreSQL before invocations are refused
 * @param invocations how long the list of invocations goes back
 * @param logs how long their logs are kept
 * @param minuteFigures how long figures per minute are kept; those per hour and day are not dropped
 * @param force how often the journal is forced to the disk against loss of power, zero for never.
 *     Without it, a loss of power can cost what was recorded since the last batch, 200 ms; a killed
 *     service loses nothing either way
 */
public record RecordingSettings(
    Path journal,
    long journalLimitBytes,
    Duration invocations,
    Duration logs,
    Duration minuteFigures,
    Duration force) {
  static final Duration MINUTE_FIGURES = Duration.ofDays(30);

  /** The usual values. */
  public static RecordingSettings in(Path journal) {
    return new RecordingSettings(
        journal, 2L << 30, Duration.ofDays(30), Duration.ofDays(14), MINUTE_FIGURES, Duration.ZERO);
  }

  Journal.Limits limits() {
    long segment = Math.clamp(journalLimitBytes / 8, 2L << 20, Journal.SEGMENT_BYTES);
    return new Journal.Limits((int) segment, journalLimitBytes);
  }
}
