package io.funkhaus.api.function.configuration;

import io.funkhaus.api.problem.InvalidValueException;

/** How many invocations one sandbox runs at the same time. */
public record SandboxConcurrency(int invocations) {
  public static final int MIN = 1;
  public static final int MAX = 100;
  public static final SandboxConcurrency DEFAULT = new SandboxConcurrency(MIN);

  /** Refuses what is out of range. */
  public SandboxConcurrency {
    if (invocations < MIN || invocations > MAX) {
      throw new InvalidValueException(
          "sandboxConcurrency",
          invocations,
          "sandboxConcurrency must be " + MIN + " to " + MAX + " invocations, was " + invocations);
    }
  }
}
