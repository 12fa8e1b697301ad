package io.funkhaus.api.function.draft;

import io.funkhaus.api.function.Revised;
import io.funkhaus.api.function.table.EnvironmentText;
import io.funkhaus.api.function.table.FunctionEntity;
import io.funkhaus.api.function.table.RunnableColumns;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function and its draft.
 *
 * @param memory in MB
 * @param timeout in seconds
 * @param isolation {@code container} or {@code gvisor}
 * @param sandboxConcurrency invocations that one sandbox runs at the same time
 * @param onDisconnect {@code finish} or {@code cancel}
 * @param latestVersion null when none was published
 * @param draftDiffers whether publishing now would make a new version
 */
public record FunctionView(
    String name,
    String description,
    String runtime,
    String architecture,
    String handler,
    int memory,
    int timeout,
    Map<String, String> environment,
    String isolation,
    int sandboxConcurrency,
    String onDisconnect,
    String codeSha256,
    long codeSizeBytes,
    long revision,
    Instant createdAt,
    Instant updatedAt,
    String updatedBy,
    @Nullable Integer latestVersion,
    boolean draftDiffers)
    implements Revised {

  static FunctionView of(FunctionEntity function, boolean draftDiffers) {
    RunnableColumns draft = function.draft();
    return new FunctionView(
        function.name().value(),
        function.description(),
        draft.runtime(),
        draft.architecture(),
        draft.handler(),
        draft.memory(),
        draft.timeout(),
        EnvironmentText.read(draft.environment()).values(),
        draft.isolation(),
        draft.sandboxConcurrency(),
        draft.onDisconnect(),
        draft.codeSha256(),
        draft.codeSizeBytes(),
        function.revision(),
        function.createdAt(),
        function.updatedAt(),
        function.updatedBy(),
        function.latestVersion().orElse(null),
        draftDiffers);
  }

  /** Leaves the values of the environment out. */
  @Override
  public String toString() {
    return "FunctionView[" + name + " revision " + revision + "]";
  }
}
