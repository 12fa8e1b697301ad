package io.funkhaus.api.openapi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the description says about operations and parameters whose controllers do not say it
 * themselves.
 */
final class Words {
  private Words() {}

  /** About one operation. */
  record Operation(String tag, String summary, String description) {}

  private static final Map<String, Operation> OPERATIONS =
      Map.ofEntries(
          Map.entry(
              "GET /api/v1/whoami",
              new Operation(
                  "Caller",
                  "Who am I",
                  "The tenant, and the user or the key that asks. Any key may ask: it is the way to try one out.")),
          Map.entry(
              "POST /api/v1/keys",
              new Operation(
                  "API keys",
                  "Create an API key",
                  "The answer is the only one that ever has the secret. Scope invoke may only call functions; scope full"
                      + " may do everything.")),
          Map.entry(
              "GET /api/v1/keys",
              new Operation(
                  "API keys", "List API keys", "Revoked and expired ones too, newest first.")),
          Map.entry(
              "GET /api/v1/keys/{id}",
              new Operation(
                  "API keys",
                  "Read an API key",
                  "With its last use; the secret is never read back.")),
          Map.entry(
              "PATCH /api/v1/keys/{id}",
              new Operation("API keys", "Rename an API key", "Nothing else of a key can change.")),
          Map.entry(
              "DELETE /api/v1/keys/{id}",
              new Operation(
                  "API keys",
                  "Revoke an API key",
                  "For good. It is refused everywhere within five seconds.")),
          Map.entry(
              "POST /api/v1/functions/{name}/invocations",
              new Operation(
                  "Invocations",
                  "Invoke a function",
                  "Sends the body, any JSON up to 6 291 556 bytes or nothing, to the handler and answers what it returns. A"
                      + " function that fails, times out or runs out of memory is a 502 or 504 problem with its error; a"
                      + " call that a limit forbids is 429 or 503 with Retry-After. With Accept: text/event-stream the"
                      + " log is streamed while it runs, as events named log, then one named end.")),
          Map.entry(
              "GET /api/v1/functions/{name}/invocations",
              new Operation("Invocations", "List invocations of a function", "Newest first.")),
          Map.entry(
              "GET /api/v1/invocations",
              new Operation("Invocations", "List invocations of all functions", "Newest first.")),
          Map.entry(
              "GET /api/v1/invocations/{requestId}",
              new Operation(
                  "Invocations",
                  "Read an invocation",
                  "With payload, result and error, each up to 64 KiB.")),
          Map.entry(
              "GET /api/v1/invocations/{requestId}/log",
              new Operation(
                  "Invocations",
                  "Read the log of an invocation",
                  "Plain text from START to REPORT; JSON when Accept asks for it and not for text.")),
          Map.entry(
              "GET /api/v1/usage",
              new Operation(
                  "Invocations",
                  "Read what runs now",
                  "Invocations that run and wait, how many may run at the same time, and the sandboxes of each function"
                      + " version.")),
          Map.entry(
              "GET /api/v1/functions/{name}/metrics",
              new Operation(
                  "Metrics",
                  "Metrics of a function",
                  "Counts, percentiles and concurrency per step, without gaps; at most 1500 points.")),
          Map.entry(
              "GET /api/v1/metrics",
              new Operation(
                  "Metrics",
                  "Metrics of all functions",
                  "Counts, percentiles and concurrency per step, without gaps; at most 1500 points.")));

  private static final Map<String, String> PARAMETERS =
      Map.ofEntries(
          Map.entry("name", "Name of the function"),
          Map.entry("number", "Number of the version"),
          Map.entry("alias", "Name of the alias"),
          Map.entry("event", "Name of the test event"),
          Map.entry("id", "Id of the API key: the part after fk_"),
          Map.entry("requestId", "Id of the invocation"),
          Map.entry("limit", "How many, 1 to 100"),
          Map.entry("cursor", "nextCursor of the page before"),
          Map.entry("function", "Only of this function"),
          Map.entry("status", "Only with this outcome"),
          Map.entry("version", "Only of this version, or $LATEST"),
          Map.entry("key", "Only by the API key with this id"),
          Map.entry("from", "From this time on, ISO 8601 in UTC"),
          Map.entry("to", "Until before this time, ISO 8601 in UTC"),
          Map.entry("q", "Only with this text"),
          Map.entry("step", "1m, 5m, 1h, 1d or a number of seconds"),
          Map.entry("qualifier", "A version number, an alias, or $LATEST (the default)"),
          Map.entry("Accept", "text/plain or application/json"));

  static @Nullable Operation operation(String methodAndPath) {
    return OPERATIONS.get(methodAndPath);
  }

  static @Nullable String parameter(String name) {
    return PARAMETERS.get(name);
  }
}
