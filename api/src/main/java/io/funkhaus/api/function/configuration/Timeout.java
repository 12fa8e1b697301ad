package io.funkhaus.api.function.configuration;

import io.funkhaus.api.problem.InvalidValueException;
import java.time.Duration;

/** How long one invocation may run, in whole seconds. */
public record Timeout(int seconds) {
  public static final int MIN = 1;
  public static final int MAX = 900;
  public static final Timeout DEFAULT = new Timeout(3);

  /** Refuses what is out of range. */
  public Timeout {
    if (seconds < MIN || seconds > MAX) {
      throw new InvalidValueException(
          "timeout", seconds, "timeout must be " + MIN + " to " + MAX + " seconds, was " + seconds);
    }
  }

  public Duration duration() {
    return Duration.ofSeconds(seconds);
  }
}
