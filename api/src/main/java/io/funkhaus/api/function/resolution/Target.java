package io.funkhaus.api.function.resolution;

import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.FunctionId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.configuration.OnDisconnect;
import io.funkhaus.scheduler.SandboxSpec;
import org.jspecify.annotations.Nullable;

/**
 * What a call of a function runs.
 *
 * @param version the executed version: a number, or {@code $LATEST}
 * @param alias the alias it was called by, if it was
 * @param spec of the sandboxes that run it
 * @param onDisconnect what becomes of it when its caller goes away
 */
public record Target(
    FunctionId functionId,
    FunctionName function,
    String version,
    @Nullable AliasName alias,
    SandboxSpec spec,
    OnDisconnect onDisconnect) {}
