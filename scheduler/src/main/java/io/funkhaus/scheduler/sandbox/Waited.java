package io.funkhaus.scheduler.sandbox;

/** How long an invocation had waited when its sandbox was there, and for what. */
public record Waited(long queueNanos, long initNanos) {
  public static final Waited NOT_AT_ALL = new Waited(0, 0);
}
