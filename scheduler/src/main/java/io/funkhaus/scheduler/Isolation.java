package io.funkhaus.scheduler;

/** How thick the wall around a sandbox is. */
public enum Isolation {
  /** A hardened container on the host's kernel. */
  CONTAINER,
  /** The same container on a kernel of its own in user space (gVisor's {@code runsc}). */
  GVISOR
}
