package io.funkhaus.api.scaling;

/**
 * What of a workspace's concurrency can be reserved: some always stays for functions that have
 * nothing reserved.
 *
 * @param limit how many invocations of the workspace may run at the same time
 */
record Shares(int limit) {
  private static final int SHARED_PART = 10;

  /** What cannot be reserved: a tenth, and at least one. */
  int shared() {
    return Math.max(1, limit / SHARED_PART);
  }

  int reservable(int reservedByOthers) {
    return Math.max(0, limit - shared() - reservedByOthers);
  }
}
