package io.funkhaus.api.function.configuration;

import io.funkhaus.scheduler.Isolation;
import java.util.Optional;

/** What this installation can honour at all; configuration beyond it is refused when it is made. */
public interface PlatformLimits {

  /** Memory that all sandboxes of this installation may use together, in MB. */
  int memoryBudgetMegabytes();

  /** Why no sandbox here can be isolated like this, as the end of a sentence; empty when it can. */
  Optional<String> missingFor(Isolation isolation);

  /** Why callers that go away are not noticed here; empty when they are. */
  Optional<String> missingFor(OnDisconnect onDisconnect);
}
