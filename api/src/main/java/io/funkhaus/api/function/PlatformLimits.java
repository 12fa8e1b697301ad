package io.funkhaus.api.function;

/** What this installation can honour at all; configuration beyond it is refused when it is made. */
public interface PlatformLimits {

  /** Memory that all sandboxes of this installation may use together, in MB. */
  int memoryBudgetMegabytes();
}
