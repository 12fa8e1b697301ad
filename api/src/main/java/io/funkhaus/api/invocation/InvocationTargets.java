package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.scheduler.SandboxSpec;
import org.jspecify.annotations.Nullable;

/**
 * What a caller's function and qualifier stand for. Answered from a cache by the functions; by a
 * fake in tests.
 */
@FunctionalInterface
interface InvocationTargets {

  /** Refuses with a 404 that says whether the function, the version or the alias is missing. */
  InvocationTarget resolve(Caller caller, FunctionName function, Qualifier qualifier);

  /**
   * @param spec names the version that is to run
   * @param alias the alias it was called by
   */
  record InvocationTarget(SandboxSpec spec, @Nullable String alias) {}
}
