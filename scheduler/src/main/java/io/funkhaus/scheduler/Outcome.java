package io.funkhaus.scheduler;

/**
 * How an invocation ended. Becomes HTTP in exactly one switch of the api.
 *
 * <p>{@code report} is there whenever a sandbox was given to the invocation.
 */
public sealed interface Outcome {

  /** The handler returned: {@code result} is JSON text. */
  @SuppressWarnings("ArrayRecordComponent") // bytes end to end
  record Succeeded(byte[] result, Report report) implements Outcome {}

  /**
   * The handler, or the loading of its module, failed. {@code error} is the error JSON of
   * docs/sandbox-protocol.md.
   */
  @SuppressWarnings("ArrayRecordComponent")
  record HandlerFailed(byte[] error, Phase phase, Report report) implements Outcome {}

  /** The limit of time was reached; the sandbox is gone. */
  record TimedOut(Phase phase, Report report) implements Outcome {}

  /** The kernel killed a process of the sandbox for its memory; the sandbox is gone. */
  record OutOfMemory(Phase phase, Report report) implements Outcome {}

  /** The language runtime ended by itself: {@code exitStatus} 0–255, or 256 + signal. */
  record Exited(int exitStatus, Phase phase, Report report) implements Outcome {}

  /** The result is larger than the limit. */
  record ResponseTooLarge(long bytes, Report report) implements Outcome {}

  /**
   * The sandbox broke the protocol, or died for a reason that is not the function's (engine lost,
   * killed from outside).
   */
  record SandboxLost(String reason, Report report) implements Outcome {}

  /** The caller went away or the platform is shutting down. */
  record Cancelled(String reason, Report report) implements Outcome {}

  /** Nothing ran. */
  record Refused(Refusal refusal) implements Outcome {}

  /** Where in the life of the sandbox it happened. */
  enum Phase {
    INIT,
    RUN
  }
}
