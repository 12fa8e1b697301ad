package io.funkhaus.api.invocation;

import io.funkhaus.api.recording.FunctionError;
import io.funkhaus.api.recording.InvocationRecord;
import io.funkhaus.api.recording.InvocationRecord.Measures;
import io.funkhaus.api.recording.InvocationStatus;
import io.funkhaus.api.recording.StoredText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/**
 * The log of an invocation as people and tools read it: START, what the function wrote, END and
 * REPORT, byte for byte as AWS Lambda writes them.
 */
final class LogText {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final String INTERRUPTED =
      "[the service stopped before this invocation's end was recorded; its log is not kept]\n";
  private static final String TIMED_OUT = "Task timed out after ";

  private LogText() {}

  /**
   * @param written what the function wrote
   * @param droppedBytes how much more it wrote than is kept
   * @param errorMessage empty when it succeeded
   */
  record Source(
      UUID requestId,
      String version,
      InvocationStatus status,
      String errorMessage,
      Instant startedAt,
      Measures measures,
      int memory,
      String written,
      long droppedBytes) {}

  /** From the record of an invocation that just ended. */
  static String of(InvocationRecord record) {
    return of(
        new Source(
            record.requestId(),
            record.target().version(),
            record.status(),
            record.error().map(FunctionError::message).orElse(""),
            record.startedAt(),
            record.measures(),
            record.target().memory(),
            StoredText.of(record.log().bytes()),
            record.log().droppedBytes()));
  }

  static String of(Source source) {
    StringBuilder text = new StringBuilder(source.written().length() + 400);
    text.append("START RequestId: ").append(source.requestId());
    text.append(" Version: ").append(source.version()).append('\n');
    text.append(source.written());
    endLine(text);
    if (source.droppedBytes() > 0) {
      text.append("[log truncated: ")
          .append(source.droppedBytes())
          .append(" more bytes were written and not kept]\n");
    }
    if (source.status() == InvocationStatus.INTERRUPTED) {
      return text.append(INTERRUPTED).toString();
    }
    if (source.status() == InvocationStatus.TIMED_OUT) {
      appendTimeout(text, source);
    }
    text.append("END RequestId: ").append(source.requestId()).append('\n');
    appendReport(text, source);
    return text.toString();
  }

  private static void endLine(StringBuilder text) {
    if (text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
  }

  private static void appendTimeout(StringBuilder text, Source source) {
    Instant at = source.startedAt().plusNanos(source.measures().totalMicros() * 1_000);
    MILLIS.formatTo(at, text);
    int line = source.errorMessage().indexOf(TIMED_OUT);
    text.append(' ').append(source.requestId()).append(' ');
    text.append(source.errorMessage(), Math.max(0, line), source.errorMessage().length());
    text.append('\n');
  }

  /** {@code Task timed out after 3.00 seconds}. */
  static String timedOut(Duration timeout) {
    return TIMED_OUT + timeout.toSeconds() + ".00 seconds";
  }

  private static void appendReport(StringBuilder text, Source source) {
    Measures measures = source.measures();
    text.append("REPORT RequestId: ").append(source.requestId());
    text.append("\tDuration: ").append(millis(measures.runMicros())).append(" ms");
    text.append("\tBilled Duration: ").append(measures.billedMillis()).append(" ms");
    text.append("\tMemory Size: ").append(source.memory()).append(" MB");
    text.append("\tMax Memory Used: ").append(megabytes(measures.peakMemoryBytes())).append(" MB");
    if (measures.coldStart()) {
      text.append("\tInit Duration: ").append(millis(measures.initMicros())).append(" ms");
    }
    text.append("\t\n");
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%.2f", micros / 1_000.0);
  }

  private static long megabytes(long bytes) {
    return Math.ceilDiv(bytes, 1L << 20);
  }
}
