package io.funkhaus.scheduler.pool;

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

  /** How long its start took, once: for the invocation that waited for it; 0 afterwards. */
  public long takeStartNanos() {
    long nanos = fresh ? startNanos : 0;
    fresh = false;
    return nanos;
  }

  /** Since when it has been idle or busy. */
  public long since() {
    return since;
  }

  int generation() {
    return generation;
  }

  boolean tooOld(long now) {
    return now - expiresAt >= 0;
  }
}
