package io.funkhaus.api.function;

import io.funkhaus.scheduler.Architecture;

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
  FunctionConfiguration with(ConfigurationChange change) {
    return new FunctionConfiguration(
        change.runtime().orElse(runtime),
        architecture,
        change.handler().orElse(handler),
        change.memory().orElse(memory),
        change.timeout().orElse(timeout),
        change.environment().orElse(environment),
        run.with(change.run()));
  }
}
