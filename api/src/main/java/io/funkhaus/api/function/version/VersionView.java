package io.funkhaus.api.function.version;

import io.funkhaus.api.function.configuration.FunctionConfiguration;
import io.funkhaus.api.function.table.RunnableColumns;
import io.funkhaus.api.function.table.VersionEntity;
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

  static VersionView of(VersionEntity version) {
    RunnableColumns content = version.content();
    FunctionConfiguration configuration = content.configuration();
    return new VersionView(
        version.number().value(),
        version.note(),
        version.author(),
        version.createdAt(),
        content.codeSha256(),
        content.codeSizeBytes(),
        configuration.runtime().value(),
        FunctionConfiguration.word(configuration.architecture()),
        configuration.handler().value(),
        configuration.memory().megabytes(),
        configuration.timeout().seconds(),
        configuration.environment().values(),
        content.isolation(),
        content.sandboxConcurrency(),
        content.onDisconnect());
  }

  /** Leaves the values of the environment out. */
  @Override
  public String toString() {
    return "VersionView[" + number + " " + codeSha256 + "]";
  }
}
