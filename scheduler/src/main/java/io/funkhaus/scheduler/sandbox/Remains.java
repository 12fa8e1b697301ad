package io.funkhaus.scheduler.sandbox;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a destroyed sandbox on the host.
 *
 * @param container null when none was created
 * @param tidy gives back everything but the container; runs once the container is gone
 * @param whenGone told, exactly once, when nothing is left
 */
record Remains(String id, @Nullable String container, Tidying tidy, Runnable whenGone) {

  /** Deletes directories, closes descriptors. */
  @FunctionalInterface
  interface Tidying {
    void run() throws IOException;
  }
}
