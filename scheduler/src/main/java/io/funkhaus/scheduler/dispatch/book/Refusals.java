package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.Refusal.Limit;
import io.funkhaus.scheduler.SandboxSpec;
import java.time.Duration;

/**
 * The texts of refusals: each names the limit, its value, how much is used, and who can raise it.
 */
public final class Refusals {
  private static final Duration LATER = Duration.ofSeconds(5);
  private static final String OPERATOR_RAISES_IT = "the operator of this installation can raise it";
  private static final String SETTINGS_RAISE_IT = "whoever owns the function can raise it";

  private Refusals() {}

  static Refusal shuttingDown() {
    return new Refusal(
        Limit.SHUTTING_DOWN,
        "the platform is shutting down because the operator of this installation stops or restarts it; try again soon",
        LATER);
  }

  public static Refusal engineUnavailable() {
    return new Refusal(
        Limit.ENGINE_UNAVAILABLE,
        "no new sandbox can be started because the container engine does not do its part; functions"
            + " that are warm keep running; the operator of this installation finds the reason in"
            + " the service's log",
        LATER);
  }

  public static Refusal runtimeUnavailable(SandboxSpec spec) {
    return new Refusal(
        Limit.RUNTIME_UNAVAILABLE,
        "this installation has no runtime %s for %s; whoever owns the function can choose another one, or the operator of this installation can build its image"
            .formatted(spec.runtime(), spec.architecture()),
        LATER);
  }

  public static Refusal isolationUnavailable(SandboxSpec spec, String reason) {
    return new Refusal(
        Limit.ISOLATION_UNAVAILABLE,
        "function %s cannot have isolation gvisor: %s; the operator of this installation can set the engine up for it, or whoever owns the function can choose isolation container"
            .formatted(spec.function(), reason),
        LATER);
  }

  public static Refusal codeUnavailable(SandboxSpec spec) {
    return new Refusal(
        Limit.CODE_UNAVAILABLE,
        "the code of function %s version %s cannot be read now; try again, or whoever owns the function can save it again; the operator of this installation finds the reason in the service's log"
            .formatted(spec.function(), spec.version()),
        LATER);
  }

  public static Refusal sandboxBroken(SandboxSpec spec) {
    return new Refusal(
        Limit.ENGINE_UNAVAILABLE,
        "no sandbox for function %s could be started; the operator of this installation finds the reason in the service's log"
            .formatted(spec.function()),
        LATER);
  }

  static Refusal initBackoff(SandboxSpec spec, int failures, String last, long nanos) {
    return new Refusal(
        Limit.INIT_BACKOFF,
        "function %s version %s failed to load %d times in a row and is not tried again for %d ms; whoever owns the function can mend it; last error: %s"
            .formatted(spec.function(), spec.version(), failures, nanos / 1_000_000, last),
        Duration.ofSeconds(Math.max(1, Math.ceilDiv(nanos, 1_000_000_000L))));
  }

  static Refusal larger(SandboxSpec spec, long budgetBytes) {
    return new Refusal(
        Limit.MEMORY_BUDGET,
        "function %s asks for %d MB, all sandboxes of this host together may have %d MB; whoever owns the function can lower its memory, or %s"
            .formatted(
                spec.function(), spec.memoryMegabytes(), budgetBytes >> 20, OPERATOR_RAISES_IT),
        LATER);
  }

  static Refusal paused(SandboxSpec spec) {
    return new Refusal(
        Limit.FUNCTION_CONCURRENCY,
        "function "
            + spec.function()
            + " is paused: its maximum concurrency is 0; "
            + SETTINGS_RAISE_IT,
        LATER);
  }

  static Refusal tenantQueueFull(int waiting, int limit, String because, Duration retryAfter) {
    return new Refusal(
        Limit.QUEUE_LENGTH,
        "%d invocations of this workspace wait already, the limit is %d (they wait for: %s); %s"
            .formatted(waiting, limit, because, OPERATOR_RAISES_IT),
        retryAfter);
  }

  static Refusal queueFull(
      int waiting, int limit, int own, int share, String because, Duration retryAfter) {
    return new Refusal(
        Limit.QUEUE_LENGTH,
        "%d invocations of all workspaces wait already, the limit is %d, and %d of this workspace are no less than its fair share of %d (they wait for: %s); %s"
            .formatted(waiting, limit, own, share, because, OPERATOR_RAISES_IT),
        retryAfter);
  }

  static Refusal tenantConcurrency(String what, Duration retryAfter) {
    return new Refusal(Limit.TENANT_CONCURRENCY, what + "; " + OPERATOR_RAISES_IT, retryAfter);
  }

  static Refusal reservedForOthers(String what, Duration retryAfter) {
    return new Refusal(
        Limit.TENANT_CONCURRENCY,
        what
            + "; whoever owns the functions can reserve fewer, or the operator of this installation raise the workspace limit",
        retryAfter);
  }

  static Refusal functionMaximum(SandboxSpec spec, String what, Duration retryAfter) {
    return new Refusal(
        Limit.FUNCTION_CONCURRENCY,
        "function " + spec.function() + ": " + what + "; " + SETTINGS_RAISE_IT,
        retryAfter);
  }

  static Refusal versionLimit(SandboxSpec spec, String what, Duration retryAfter) {
    return new Refusal(
        Limit.FUNCTION_CONCURRENCY,
        named(spec) + ": " + what + "; " + OPERATOR_RAISES_IT,
        retryAfter);
  }

  static Refusal memoryBudget(SandboxSpec spec, String what, Duration retryAfter) {
    return new Refusal(
        Limit.MEMORY_BUDGET,
        "a sandbox for " + named(spec) + " does not fit: " + what + "; " + OPERATOR_RAISES_IT,
        retryAfter);
  }

  static Refusal queueWait(SandboxSpec spec, String what, Duration retryAfter) {
    return new Refusal(
        Limit.QUEUE_WAIT,
        "no sandbox for " + named(spec) + " in time: " + what + "; " + OPERATOR_RAISES_IT,
        retryAfter);
  }

  private static String named(SandboxSpec spec) {
    return "function " + spec.function() + " version " + spec.version();
  }
}
