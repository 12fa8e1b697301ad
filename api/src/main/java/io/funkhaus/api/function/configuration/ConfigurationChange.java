package io.funkhaus.api.function.configuration;

import java.util.Optional;

/** What of a function's configuration is to change; empty stays as it is. */
@SuppressWarnings("OptionalUsedAsFieldOrParameterType") // "leave it" is a value here
public record ConfigurationChange(
    Optional<RuntimeName> runtime,
    Optional<Handler> handler,
    Optional<MemorySize> memory,
    Optional<Timeout> timeout,
    Optional<EnvironmentVariables> environment,
    Optional<Description> description,
    RunSettings.Change run) {}
