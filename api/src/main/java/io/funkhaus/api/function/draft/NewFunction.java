package io.funkhaus.api.function.draft;

import io.funkhaus.api.bundle.Bundle;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.configuration.Description;
import io.funkhaus.api.function.configuration.EnvironmentVariables;
import io.funkhaus.api.function.configuration.Handler;
import io.funkhaus.api.function.configuration.MemorySize;
import io.funkhaus.api.function.configuration.RunSettings;
import io.funkhaus.api.function.configuration.RuntimeName;
import io.funkhaus.api.function.configuration.Timeout;
import io.funkhaus.scheduler.Architecture;
import java.util.Optional;

/** A function to be created; what is empty gets its default. */
@SuppressWarnings("OptionalUsedAsFieldOrParameterType") // "take the default" is a value here
public record NewFunction(
    FunctionName name,
    RuntimeName runtime,
    Optional<Handler> handler,
    Optional<MemorySize> memory,
    Optional<Timeout> timeout,
    Optional<EnvironmentVariables> environment,
    Optional<Description> description,
    Optional<Architecture> architecture,
    RunSettings.Change run,
    Optional<Bundle> code) {

  /** A function with the sample code and the default configuration of a runtime. */
  public static NewFunction sample(FunctionName name, RuntimeName runtime) {
    return new NewFunction(
        name,
        runtime,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        RunSettings.Change.NONE,
        Optional.empty());
  }
}
