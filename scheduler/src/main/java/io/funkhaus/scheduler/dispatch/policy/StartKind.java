package io.funkhaus.scheduler.dispatch.policy;

/** What a sandbox is made from. */
public enum StartKind {
  /** A stem that was ready: only the function's module has to be loaded. */
  STEM,
  /** Nothing: a container has to be started first. */
  NOTHING
}
