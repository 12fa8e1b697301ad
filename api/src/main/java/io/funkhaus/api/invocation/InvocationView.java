package io.funkhaus.api.invocation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.recording.FunctionError;
import io.funkhaus.api.recording.InvocationRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An invocation as lists show it. Sizes are of the whole, kept or not.
 *
 * @param status how it ended; {@code waiting} or {@code running} while it has not
 * @param waiting what it waits for; null when it does not
 */
public record InvocationView(
    UUID requestId,
    String function,
    String version,
    @Nullable String alias,
    String trigger,
    @Nullable KeyView key,
    String status,
    @Nullable String errorType,
    @Nullable String errorMessage,
    Instant startedAt,
    double queueMillis,
    double initMillis,
    double runMillis,
    long billedMillis,
    boolean coldStart,
    int memory,
    long peakMemoryBytes,
    long payloadBytes,
    long resultBytes,
    long logBytes,
    boolean logTruncated,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable WaitingView waiting) {

  /** The API key that called; a name as it was at the time. */
  public record KeyView(String id, String name) {
    static KeyView of(Actor.Key key) {
      return new KeyView(key.id().value(), key.name());
    }
  }

  static InvocationView of(InvocationRecord record) {
    InvocationRecord.Measures measures = record.measures();
    return new InvocationView(
        record.requestId(),
        record.target().function(),
        record.target().version(),
        record.target().alias(),
        record.trigger().text(),
        record.key().map(KeyView::of).orElse(null),
        record.status().text(),
        record.error().map(FunctionError::type).orElse(null),
        record.error().map(FunctionError::message).orElse(null),
        record.startedAt().truncatedTo(ChronoUnit.MICROS),
        millis(measures.queueMicros()),
        millis(measures.initMicros()),
        millis(measures.runMicros()),
        measures.billedMillis(),
        measures.coldStart(),
        record.target().memory(),
        measures.peakMemoryBytes(),
        record.payload().length(),
        record.result().length(),
        record.log().bytes().length + record.log().droppedBytes(),
        record.log().droppedBytes() > 0,
        null);
  }

  static double millis(long micros) {
    return micros / 1_000.0;
  }
}
