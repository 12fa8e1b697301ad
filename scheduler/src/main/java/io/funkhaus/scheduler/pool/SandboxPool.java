package io.funkhaus.scheduler.pool;

import io.funkhaus.scheduler.SandboxSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The book of the sandboxes of one function version: which are idle, busy, on their way. Knows no
 * thread, no clock and no container; the dispatcher asks and tells it under its lock.
 *
 * <p>What must not be broken: a member is lent to one invocation at a time, and never after it has
 * left.
 *
 * @param <S> what stands for the sandbox
 */
public final class SandboxPool<S> {
  private static final double JITTER = 0.2;
  private static final long UNKNOWN_RUN_NANOS = 20_000_000;
  private static final long MEMORY_OF_FAILURES_NANOS = 60_000_000_000L;

  private final SandboxSpec spec;
  private final Lifetimes lifetimes;
  private final RandomGenerator random;
  private final Deque<Member<S>> idle = new ArrayDeque<>();
  private final Set<Member<S>> busy = new LinkedHashSet<>();
  private final MovingAverage runNanos = new MovingAverage(UNKNOWN_RUN_NANOS);
  private int starting;
  private int failures;
  private long lastFailureAt;
  private String lastFailure = "";
  private int generation;

  public SandboxPool(SandboxSpec spec, Lifetimes lifetimes, RandomGenerator random) {
    this.spec = spec;
    this.lifetimes = lifetimes;
    this.random = random;
  }

  public SandboxSpec spec() {
    return spec;
  }

  public long memoryBytes() {
    return (long) spec.memoryMegabytes() << 20;
  }

  public int idleCount() {
    return idle.size();
  }

  public int busyCount() {
    return busy.size();
  }

  public int startingCount() {
    return starting;
  }

  public int size() {
    return idle.size() + busy.size() + starting;
  }

  public Collection<Member<S>> idleMembers() {
    return idle;
  }

  // ---- lending ----

  /** Lends the one that was used last, whose caches are warmest. */
  public @Nullable Member<S> lend(long now) {
    Member<S> member = idle.pollFirst();
    if (member == null) {
      return null;
    }
    member.state = Member.State.BUSY;
    member.since = now;
    busy.add(member);
    return member;
  }

  /** Takes it back after an invocation that ended well. */
  public void giveBack(Member<S> member, long now) {
    busy.remove(member);
    runNanos.add(now - member.since);
    rest(member, now);
  }

  private void rest(Member<S> member, long now) {
    member.state = Member.State.IDLE;
    member.since = now;
    member.idleUntil = now + jittered(lifetimes.idle().toNanos());
    idle.addFirst(member);
  }

  /** Whether it must not be lent again. */
  public boolean worn(Member<S> member, long now) {
    return outdated(member) || member.tooOld(now);
  }

  /** Whether the pool was retired since its start was decided. */
  public boolean outdated(Member<S> member) {
    return member.generation() != generation;
  }

  /** It is not part of the pool any more. False when it had left before. */
  public boolean leave(Member<S> member, long now) {
    if (member.state == Member.State.LEAVING) {
      return false;
    }
    if (member.state == Member.State.BUSY) {
      runNanos.add(now - member.since);
    }
    busy.remove(member);
    idle.remove(member);
    member.state = Member.State.LEAVING;
    return true;
  }

  /** Takes out all idle ones whose time is over. */
  public List<Member<S>> expire(long now) {
    List<Member<S>> over = new ArrayList<>();
    for (Member<S> member : idle) {
      if (now - member.idleUntil >= 0 || worn(member, now)) {
        over.add(member);
      }
    }
    over.forEach(member -> leave(member, now));
    return over;
  }

  // ---- starts ----

  public void startBegan() {
    starting++;
  }

  /**
   * A new sandbox, idle for now.
   *
   * @param began the generation of the pool when its start began
   */
  public Member<S> startSucceeded(S sandbox, int began, long startNanos, long now) {
    starting--;
    failures = 0;
    long expiresAt = now + jittered(lifetimes.age().toNanos());
    Member<S> member = new Member<>(this, sandbox, began, startNanos, expiresAt);
    rest(member, now);
    return member;
  }

  /** A start that failed for a reason that is not the function's. */
  public void startFailed() {
    starting--;
  }

  /** A start that failed because the function's module does not load. */
  public void initFailed(String why, long now) {
    starting--;
    failures++;
    lastFailure = why;
    lastFailureAt = now;
  }

  /** How long starting is pointless yet, 0 when it may be tried. */
  public long backoffNanos(long now) {
    return failures >= lifetimes.initFailures()
        ? Math.max(0, lastFailureAt + lifetimes.initBackoff().toNanos() - now)
        : 0;
  }

  /** Whether it has failures that the next start still counts on from. */
  public boolean remembersFailures(long now) {
    return failures > 0 && now - lastFailureAt < MEMORY_OF_FAILURES_NANOS;
  }

  public int failures() {
    return failures;
  }

  public String lastFailure() {
    return lastFailure;
  }

  /**
   * How long a run takes: the mean, or longer when those that run now have taken longer already.
   */
  public long expectedRunNanos(long now) {
    long running = busy.isEmpty() ? 0 : now - busy.iterator().next().since;
    return Math.max(runNanos.value(), running);
  }

  /** Whatever is there or on its way now is not lent any more; the busy ones leave at their end. */
  public void retire() {
    generation++;
  }

  public int generation() {
    return generation;
  }

  private long jittered(long nanos) {
    return (long) (nanos * (1 + JITTER * (2 * random.nextDouble() - 1)));
  }
}
