package io.funkhaus.web;

import io.funkhaus.api.function.OnDisconnect;
import io.funkhaus.api.function.PlatformLimits;
import io.funkhaus.scheduler.Isolation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What this host can honour. */
record HostLimits(int memoryBudgetMegabytes) implements PlatformLimits {
  private static final Path CONNECTIONS = Path.of("/proc/net/tcp");

  @Override
  public Optional<String> missingFor(Isolation isolation) {
    return switch (isolation) {
      case CONTAINER -> Optional.empty();
      case GVISOR -> Optional.of("the container engine has no runtime runsc");
    };
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
