package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.SandboxSpec;

/**
 * How many sandboxes of a function version could be made from stems now. Asked under the book's
 * lock: the answer must not block, and may be a little late.
 */
@FunctionalInterface
public interface Readiness {
  Readiness NONE = spec -> 0;

  int ready(SandboxSpec spec);
}
