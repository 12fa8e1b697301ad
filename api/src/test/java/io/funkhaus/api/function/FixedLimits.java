package io.funkhaus.api.function;

import io.funkhaus.api.function.configuration.OnDisconnect;
import io.funkhaus.api.function.configuration.PlatformLimits;
import io.funkhaus.scheduler.Isolation;
import java.util.Optional;

/** An installation with so much memory, without gVisor. */
public record FixedLimits(int memoryBudgetMegabytes) implements PlatformLimits {
  @Override
  public Optional<String> missingFor(Isolation isolation) {
    return isolation == Isolation.GVISOR ? Optional.of("there is no runsc") : Optional.empty();
  }

  @Override
  public Optional<String> missingFor(OnDisconnect onDisconnect) {
    return Optional.empty();
  }
}
