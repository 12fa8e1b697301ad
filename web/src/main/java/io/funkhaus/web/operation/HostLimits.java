package io.funkhaus.web.operation;

import io.funkhaus.api.function.configuration.OnDisconnect;
import io.funkhaus.api.function.configuration.PlatformLimits;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.GvisorRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What this host can honour.
 *
 * @param engine answers within a moment, or not at all
 */
public record HostLimits(int memoryBudgetMegabytes, ContainerEngine engine)
    implements PlatformLimits {
  private static final Path CONNECTIONS = Path.of("/proc/net/tcp");

  @Override
  public Optional<String> missingFor(Isolation isolation) {
    return switch (isolation) {
      case CONTAINER -> Optional.empty();
      case GVISOR -> missingForGvisor();
    };
  }

  /** Asked each time: the operator adds a runtime while the service runs. */
  private Optional<String> missingForGvisor() {
    try {
      return GvisorRuntime.missing(engine.ping());
    } catch (EngineException e) {
      return Optional.of("the container engine does not say what it has: " + e.getMessage());
    }
  }

  @Override
  public Optional<String> missingFor(OnDisconnect onDisconnect) {
    return switch (onDisconnect) {
      case FINISH -> Optional.empty();
      case CANCEL ->
          Files.isReadable(CONNECTIONS)
              ? Optional.empty()
              : Optional.of(
                  "the system does not show the service its connections in " + CONNECTIONS);
    };
  }
}
