package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.EngineException;
import java.io.IOException;
import java.time.Duration;

/**
 * Stops and resumes a container's processes through the engine, where the kernel's files are not
 * seen. Takes ten milliseconds and more, also of the invocation that wakes the sandbox up: hence
 * with more patience.
 */
record EngineFreezer(ContainerEngine engine, String container) implements Freezer.Means {
  private static final int TIMES = 10;

  @Override
  public Duration patience(Duration grace) {
    return grace.multipliedBy(TIMES);
  }

  @Override
  public void freeze() throws IOException {
    try {
      engine.pause(container);
    } catch (EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void thaw() throws IOException {
    try {
      engine.unpause(container);
    } catch (EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
