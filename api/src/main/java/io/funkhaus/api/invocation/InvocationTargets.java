package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.resolution.Target;

/**
 * What a caller's function and qualifier stand for. Answered from a cache by {@link
 * io.funkhaus.api.function.resolution.FunctionTargets}; by a fake where a test has no functions.
 */
@FunctionalInterface
interface InvocationTargets {

  /** Refuses with a 404 that says whether the function, the version or the alias is missing. */
  Target resolve(Caller caller, FunctionName function, Qualifier qualifier);
}
