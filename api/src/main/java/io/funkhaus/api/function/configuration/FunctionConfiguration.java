package io.funkhaus.api.function.configuration;

import io.funkhaus.scheduler.Architecture;
import java.util.Locale;

/** How a function is run, the code aside: what a version freezes together with its code. */
public record FunctionConfiguration(
    RuntimeName runtime,
    Architecture architecture,
    Handler handler,
    MemorySize memory,
    Timeout timeout,
    EnvironmentVariables environment,
    RunSettings run) {

  /** The same with whatever the change states. */
  public FunctionConfiguration with(ConfigurationChange change) {
    return new FunctionConfiguration(
        change.runtime().orElse(runtime),
        architecture,
        change.handler().orElse(handler),
        change.memory().orElse(memory),
        change.timeout().orElse(timeout),
        change.environment().orElse(environment),
        run.with(change.run()));
  }

  /** The architecture as the API and the tables write it. */
  public static String word(Architecture architecture) {
    return architecture.name().toLowerCase(Locale.ROOT);
  }
}
