package io.funkhaus.api.recording;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How an invocation ended, as records, lists and metrics name it. */
public enum InvocationStatus {
  SUCCEEDED,
  FAILED,
  TIMED_OUT,
  OUT_OF_MEMORY,
  EXITED,
  INIT_FAILED,
  RESPONSE_TOO_LARGE,
  SANDBOX_LOST,
  CANCELLED,
  REFUSED,
  /** The service stopped before its end was recorded. */
  INTERRUPTED;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The name in JSON, SQL and queries, for example {@code timed_out}. */
  public String text() {
    return text;
  }

  /** The status of that name, if there is one. */
  public static Optional<InvocationStatus> find(String text) {
    return Stream.of(values()).filter(status -> status.text.equals(text)).findFirst();
  }

  /** Whether it ran, or should have run, and did not end well. */
  public boolean isError() {
    return this != SUCCEEDED && this != REFUSED && this != CANCELLED;
  }
}
