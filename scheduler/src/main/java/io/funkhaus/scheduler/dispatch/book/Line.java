package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.dispatch.policy.Backlog;
import io.funkhaus.scheduler.dispatch.policy.Provision;
import io.funkhaus.scheduler.dispatch.policy.StartTimes;
import io.funkhaus.scheduler.dispatch.policy.Width;
import io.funkhaus.scheduler.pool.SandboxPool;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Those who wait for a sandbox of one function version, and its pool. Guarded by the book's lock.
 * Outside of this package it is only looked at.
 */
public final class Line<S> {
  final SandboxPool<Seat<S>> pool;
  final Tenant<S> tenant;
  final FunctionShare<S> share;
  final Backlog backlog = new Backlog();
  final Provision provision = new Provision();
  final Width width;
  final StartTimes startTimes = new StartTimes();
  final Deque<Waiter<S>> waiters = new ArrayDeque<>();

  /** Whether its sandboxes alone want more processors than the host has. */
  boolean crowd;

  /** Whether it is among those that want a start. */
  boolean wantsStart;

  /** Whether the last attempt at a start found no memory. */
  boolean lacksMemory;

  Line(SandboxPool<Seat<S>> pool, Tenant<S> tenant, FunctionShare<S> share, Width width) {
    this.pool = pool;
    this.tenant = tenant;
    this.share = share;
    this.width = width;
  }

  /** Whether another of its invocations may run now, if there is a sandbox for it. */
  boolean mayRun() {
    return share.mayRun() && width.admits();
  }

  void began() {
    share.began();
    width.began();
  }

  void ended() {
    share.ended();
    width.ended();
  }

  public SandboxSpec spec() {
    return pool.spec();
  }

  public int idle() {
    return pool.idleCount();
  }

  public int busy() {
    return pool.busyCount();
  }

  public int starting() {
    return pool.startingCount();
  }

  public int waiting() {
    return waiters.size();
  }

  /** Whether nothing would be lost without it. */
  boolean unused(long now) {
    return waiters.isEmpty()
        && pool.size() == 0
        && pool.leases() == 0
        && provision.wanted() == 0
        && !pool.remembersFailures(now);
  }
}
