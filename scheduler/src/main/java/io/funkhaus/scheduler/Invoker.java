package io.funkhaus.scheduler;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

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

  /** Why an invocation has no sandbox yet; empty when it runs, has ended or was never here. */
  Optional<Waiting> waiting(UUID requestId);

  /**
   * Replaces how a tenant's concurrency is shared out. Functions that are not named have no
   * settings of their own.
   */
  void arrange(String tenant, List<FunctionScaling> functions);

  /** What a tenant uses now, and of how much. */
  Usage usage(String tenant);
}
