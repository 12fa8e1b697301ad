package io.funkhaus.api.function;

import java.time.Instant;
import java.util.Map;

/**
 * A published version.
 *
 * @param memory in MB
 * @param timeout in seconds
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
    Map<String, String> environment) {

  /** Leaves the values of the environment out. */
  @Override
  public String toString() {
    return "VersionView[" + number + " " + codeSha256 + "]";
  }
}
