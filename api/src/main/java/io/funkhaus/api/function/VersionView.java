package io.funkhaus.api.function;

import java.time.Instant;
import java.util.Map;

/**
 * A published version.
 *
 * @param memory in MB
 * @param timeout in seconds
 * @param isolation {@code container} or {@code gvisor}
 * @param sandboxConcurrency invocations that one sandbox runs at the same time
 * @param onDisconnect {@code finish} or {@code cancel}
 */
public record VersionView(
    int number,
    String note,
    String author,
    Instant createdAt,
    String codeSha256,
    long codeSizeBytes,
    String runtime,
    String architecture,
    String handler,
    int memory,
    int timeout,
    Map<String, String> environment,
    String isolation,
    int sandboxConcurrency,
    String onDisconnect) {

  /** Leaves the values of the environment out. */
  @Override
  public String toString() {
    return "VersionView[" + number + " " + codeSha256 + "]";
  }
}
