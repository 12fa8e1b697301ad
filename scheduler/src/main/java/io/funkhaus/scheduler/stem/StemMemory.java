package io.funkhaus.scheduler.stem;

import org.jspecify.annotations.Nullable;

/** Where the stock's share of the host's memory comes from. Functions come first. */
@FunctionalInterface
public interface StemMemory {

  /**
   * Takes so much of the budget, if nobody else needs it.
   *
   * @return gives it back, to be run once; null when there is none for stems now
   */
  @Nullable Runnable tryReserve(long bytes);
}
