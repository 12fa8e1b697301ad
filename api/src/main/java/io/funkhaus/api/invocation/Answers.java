package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.Scope;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.recording.FunctionError;
import io.funkhaus.api.recording.InvocationRecord;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpStatus;

/** The one place where an {@link Outcome} becomes HTTP. */
final class Answers {
  private static final Duration LOST_RETRY = Duration.ofSeconds(1);

  private Answers() {}

  /**
   * The result as the handler returned it.
   *
   * @throws ProblemException for every other ending
   */
  static byte[] resultOf(InvocationResult result, Caller caller) {
    InvocationRecord record = result.record();
    String function = record.target().function();
    return switch (result.outcome()) {
      case Outcome.Succeeded succeeded -> succeeded.result();
      case Outcome.HandlerFailed failed ->
          throw switch (failed.phase()) {
            case INIT ->
                failure(
                    record,
                    caller,
                    new Kind(
                        HttpStatus.BAD_GATEWAY,
                        "FunctionInitFailed",
                        "The function could not be loaded"));
            case RUN ->
                failure(
                    record,
                    caller,
                    new Kind(HttpStatus.BAD_GATEWAY, "FunctionFailed", "The function failed"));
          };
      case Outcome.TimedOut timedOut ->
          throw failure(
              record,
              caller,
              new Kind(HttpStatus.GATEWAY_TIMEOUT, "FunctionTimedOut", "The function timed out"));
      case Outcome.OutOfMemory outOfMemory ->
          throw failure(
              record,
              caller,
              new Kind(
                  HttpStatus.BAD_GATEWAY, "FunctionOutOfMemory", "The function ran out of memory"));
      case Outcome.Exited exited ->
          throw failure(
              record,
              caller,
              new Kind(HttpStatus.BAD_GATEWAY, "FunctionExited", "The function's process ended"));
      case Outcome.ResponseTooLarge tooLarge ->
          throw failure(
              record,
              caller,
              new Kind(
                  HttpStatus.BAD_GATEWAY,
                  "FunctionResponseTooLarge",
                  "The function's result is too large"));
      case Outcome.SandboxLost lost ->
          throw new ProblemException(
                  HttpStatus.SERVICE_UNAVAILABLE,
                  "SandboxLost",
                  "The sandbox was lost",
                  "The sandbox that ran "
                      + function
                      + " was lost ("
                      + lost.reason()
                      + "); the function may have run in part. Try again if it may run twice.")
              .retryAfter(LOST_RETRY);
      case Outcome.Cancelled cancelled ->
          throw new ProblemException(
                  HttpStatus.SERVICE_UNAVAILABLE,
                  "InvocationCancelled",
                  "The invocation was cancelled",
                  "The invocation of "
                      + function
                      + " was cancelled: "
                      + cancelled.reason()
                      + "; the function may have run in part.")
              .retryAfter(LOST_RETRY);
      case Outcome.Refused refused -> throw refusal(refused.refusal());
    };
  }

  private static ProblemException failure(InvocationRecord record, Caller caller, Kind kind) {
    FunctionError error = record.error().orElseThrow();
    return new ProblemException(
            kind.status(),
            kind.code(),
            kind.title(),
            record.target().function() + ": " + error.type() + ": " + error.message())
        .with("functionError", shown(error, caller));
  }

  private static Map<String, Object> shown(FunctionError error, Caller caller) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("errorType", error.type());
    shown.put("errorMessage", error.message());
    if (caller.scope() == Scope.FULL) {
      shown.put("trace", error.trace());
    }
    return shown;
  }

  private static ProblemException refusal(Refusal refusal) {
    return new ProblemException(
            status(refusal.limit()), "InvocationRefused", "Refused", refusal.message())
        .with("limit", refusal.limit().name().toLowerCase(Locale.ROOT))
        .retryAfter(refusal.retryAfter());
  }

  /** 429 for what waits for other invocations to end, 503 for what the installation lacks. */
  private static HttpStatus status(Refusal.Limit limit) {
    return switch (limit) {
      case TENANT_CONCURRENCY,
          FUNCTION_CONCURRENCY,
          MEMORY_BUDGET,
          QUEUE_LENGTH,
          QUEUE_WAIT,
          INIT_BACKOFF ->
          HttpStatus.TOO_MANY_REQUESTS;
      case SHUTTING_DOWN,
          ENGINE_UNAVAILABLE,
          RUNTIME_UNAVAILABLE,
          ISOLATION_UNAVAILABLE,
          CODE_UNAVAILABLE ->
          HttpStatus.SERVICE_UNAVAILABLE;
    };
  }

  private record Kind(HttpStatus status, String code, String title) {}
}
