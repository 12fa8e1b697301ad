package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.pool.SandboxPool;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Those who wait for a sandbox of one function version, and its pool. Guarded by the book's lock.
 */
final class Line<S> {
  final SandboxPool<Seat<S>> pool;
  final Tenant<S> tenant;
  final Deque<Waiter<S>> waiters = new ArrayDeque<>();

  /** Since when there has been at least one. */
  long backlogSince;

  /** Whether the last attempt at a start found no memory. */
  boolean lacksMemory;

  Line(SandboxPool<Seat<S>> pool, Tenant<S> tenant) {
    this.pool = pool;
    this.tenant = tenant;
  }
}
