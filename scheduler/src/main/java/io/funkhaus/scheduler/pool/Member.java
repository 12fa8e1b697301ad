package io.funkhaus.scheduler.pool;

import org.jspecify.annotations.Nullable;

/**
 * One sandbox in the book of its pool. All fields are guarded by the dispatcher's lock.
 *
 * @param <S> what stands for the sandbox
 */
public final class Member<S> {
  /** As the book sees it; the sandbox itself may have ended meanwhile. */
  public enum State {
    IDLE,
    BUSY,
    LEAVING
  }

  private final SandboxPool<S> pool;
  private final S sandbox;
  private final int generation;
  private final long startNanos;
  private final long expiresAt;
  State state = State.IDLE;
  long idleUntil;
  long since;

  /** Busy, and lent to fewer invocations than may have it at the same time. */
  boolean open;

  /** Its place in the list it is in. */
  @Nullable Member<S> previous;

  @Nullable Member<S> next;

  private int leases;
  private long leasesChangedAt;
  private long unaccountedNanos;
  private boolean fresh = true;

  Member(SandboxPool<S> pool, S sandbox, int generation, long startNanos, long expiresAt) {
    this.pool = pool;
    this.sandbox = sandbox;
    this.generation = generation;
    this.startNanos = startNanos;
    this.expiresAt = expiresAt;
  }

  public SandboxPool<S> pool() {
    return pool;
  }

  public S sandbox() {
    return sandbox;
  }

  public State state() {
    return state;
  }

  /** How many invocations have it now; also those that have not noticed yet that it left. */
  public int leases() {
    return leases;
  }

  /** How long its start took, once: for the invocation that waited for it; 0 afterwards. */
  public long takeStartNanos() {
    long nanos = fresh ? startNanos : 0;
    fresh = false;
    return nanos;
  }

  /** Since when it has been idle; or busy without an invocation having ended. */
  public long since() {
    return since;
  }

  int generation() {
    return generation;
  }

  boolean tooOld(long now) {
    return now - expiresAt >= 0;
  }

  void leaseBegan(long now) {
    account(now);
    leases++;
  }

  /**
   * How long the invocation ran that ended. Where several run in one sandbox it is not known which
   * one began when: then the time is right on average.
   */
  long leaseEnded(long now) {
    account(now);
    leases--;
    long nanos = unaccountedNanos;
    unaccountedNanos = 0;
    return nanos;
  }

  private void account(long now) {
    unaccountedNanos += leases * (now - leasesChangedAt);
    leasesChangedAt = now;
  }
}
