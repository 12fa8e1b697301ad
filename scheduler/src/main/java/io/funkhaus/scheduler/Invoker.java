package io.funkhaus.scheduler;

/**
 * The scheduler's front door: admits, finds or starts a sandbox, runs, returns the ending. Used by
 * the api.
 */
public interface Invoker {

  /**
   * Blocks the calling (virtual) thread until the invocation has ended; interrupting the thread
   * cancels it.
   */
  Outcome invoke(SandboxSpec spec, Invocation invocation);

  /**
   * Destroys every sandbox of a tenant's function version, for example after its configuration
   * changed or it was deleted.
   */
  void retire(SandboxSpec spec, String reason);

  /** What a tenant uses now, and of how much. */
  Usage usage(String tenant);
}
