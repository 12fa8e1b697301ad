package io.funkhaus.api.function;

import io.funkhaus.api.problem.ProblemException;

/** The answers when there is no such function, version or alias. */
public final class Missing {
  private Missing() {}

  /** The answer when a caller's workspace has no function of that name. */
  public static ProblemException function(FunctionName name) {
    return ProblemException.notFound(
        "FunctionNotFound",
        "There is no function "
            + name
            + " in this workspace. GET /api/v1/functions lists those there are.");
  }

  /** The answer when the function has no such version. */
  public static ProblemException version(FunctionName name, VersionNumber number) {
    return ProblemException.notFound(
        "VersionNotFound", "Function " + name + " has no version " + number + ".");
  }

  /** The answer when the function has no such alias. */
  public static ProblemException alias(FunctionName name, AliasName alias) {
    return ProblemException.notFound(
        "AliasNotFound", "Function " + name + " has no alias " + alias + ".");
  }
}
