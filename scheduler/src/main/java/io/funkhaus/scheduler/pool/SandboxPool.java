package io.funkhaus.scheduler.pool;

import io.funkhaus.scheduler.SandboxSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The book of the sandboxes of one function version: which are idle, busy, on their way. Knows no
 * thread, no clock and no container; the dispatcher asks and tells it under its lock.
 *
 * <p>What must not be broken: a member is lent to no more invocations at a time than its function
 * allows, and never after it has left.
 *
 * @param <S> what stands for the sandbox
 */
public final class SandboxPool<S> {
  private static final double JITTER = 0.2;
  private static final long MEMORY_OF_FAILURES_NANOS = 60_000_000_000L;

  private final SandboxSpec spec;
  private final int placesEach;
  private final Lifetimes lifetimes;
  private final RandomGenerator random;

  /** The one that was used last comes first. */
  private final MemberList<S> idle = new MemberList<>();

  /** The one of which we have heard longest ago comes first. */
  private final MemberList<S> busy = new MemberList<>();

  /** Those of the busy ones that have places left; the one that was used last comes first. */
  private final Deque<Member<S>> open = new ArrayDeque<>();

  private final MovingAverage runNanos = new MovingAverage(0);
  private long lastRunNanos;
  private int openPlaces;
  private int leases;
  private int starting;
  private int failures;
  private long lastFailureAt;
  private String lastFailure = "";
  private int generation;

  public SandboxPool(SandboxSpec spec, Lifetimes lifetimes, RandomGenerator random) {
    this.spec = spec;
    this.placesEach = spec.concurrency();
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

  /** Those that are not in use, the one that was used last first. */
  public List<Member<S>> idleMembers() {
    return listed(idle);
  }

  /** Those that are in use. */
  public List<Member<S>> busyMembers() {
    return listed(busy);
  }

  private static <S> List<Member<S>> listed(MemberList<S> members) {
    List<Member<S>> listed = new ArrayList<>(members.size());
    members.forEach(listed::add);
    return listed;
  }

  /** How many invocations could be given a sandbox now. */
  public int freePlaces() {
    return idle.size() * placesEach + openPlaces;
  }

  /** How many invocations have one, those included whose sandbox has left meanwhile. */
  public int leases() {
    return leases;
  }

  /** How many sandboxes there are, idle or busy, that are good for more invocations. */
  public int fresh(long now) {
    return fresh(idle, now) + fresh(busy, now);
  }

  private int fresh(MemberList<S> members, long now) {
    int count = 0;
    for (Member<S> member : members) {
      count += worn(member, now) ? 0 : 1;
    }
    return count;
  }

  // ---- lending ----

  /**
   * Lends one that has a place. Those in use are filled first, so that the others can rest; among
   * equals the one that was used last, whose caches are warmest.
   */
  public @Nullable Member<S> lend(long now) {
    Member<S> member = firstOpen(now);
    if (member == null) {
      member = idle.first();
      if (member == null) {
        return null;
      }
      idle.remove(member);
      member.state = Member.State.BUSY;
      member.since = now;
      busy.addLast(member);
    }
    shut(member);
    member.leaseBegan(now);
    leases++;
    reopen(member, now);
    return member;
  }

  /** Those that became too old meanwhile run empty. */
  private @Nullable Member<S> firstOpen(long now) {
    Member<S> first = open.peekFirst();
    while (first != null && worn(first, now)) {
      shut(first);
      first = open.peekFirst();
    }
    return first;
  }

  private void shut(Member<S> member) {
    if (member.open) {
      member.open = false;
      open.remove(member);
      openPlaces -= placesEach - member.leases();
    }
  }

  private void reopen(Member<S> member, long now) {
    if (member.leases() < placesEach && !worn(member, now)) {
      member.open = true;
      open.addFirst(member);
      openPlaces += placesEach - member.leases();
    }
  }

  /**
   * One of the invocations that have it has ended.
   *
   * @return whether nobody has it any more: then it must {@link #rest} or {@link #leave}
   */
  public boolean ended(Member<S> member, long now) {
    leases--;
    shut(member);
    lastRunNanos = member.leaseEnded(now);
    runNanos.add(lastRunNanos);
    if (member.state == Member.State.LEAVING) {
      return false;
    }
    if (member.leases() == 0) {
      return true;
    }
    busy.remove(member);
    busy.addLast(member);
    member.since = now;
    reopen(member, now);
    return false;
  }

  /** It is idle from now on. */
  public void rest(Member<S> member, long now) {
    if (member.state == Member.State.BUSY) {
      busy.remove(member);
    }
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
  public boolean leave(Member<S> member) {
    switch (member.state) {
      case LEAVING -> {
        return false;
      }
      case IDLE -> idle.remove(member);
      case BUSY -> {
        shut(member);
        busy.remove(member);
      }
    }
    member.state = Member.State.LEAVING;
    return true;
  }

  /**
   * Takes out all idle ones whose time is over.
   *
   * @param keep so many are to stay ready, however long they are idle, and until there is another
   *     one however old they are
   */
  public List<Member<S>> expire(long now, int keep) {
    boolean replaced = keep == 0 || fresh(now) >= keep;
    int spare = idle.size() + busy.size() - keep;
    List<Member<S>> over = new ArrayList<>();
    for (Member<S> member : idleMembers().reversed()) {
      boolean idleTooLong = now - member.idleUntil >= 0 && spare > over.size();
      if (outdated(member) || (member.tooOld(now) && replaced) || idleTooLong) {
        over.add(member);
      }
    }
    over.forEach(this::leave);
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
   * How long a run takes: the mean, or longer when those that run now have taken longer already; 0
   * when nothing is known yet.
   */
  public long expectedRunNanos(long now) {
    Member<S> longest = busy.first();
    return Math.max(runNanos.value(), longest == null ? 0 : now - longest.since);
  }

  /** How long the invocation took that has {@link #ended} last. */
  public long lastRunNanos() {
    return lastRunNanos;
  }

  /** How long those took that have ended, on average. */
  public long meanRunNanos() {
    return runNanos.value();
  }

  /** Whatever is there or on its way now is not lent any more; the busy ones leave at their end. */
  public void retire() {
    generation++;
    open.forEach(member -> member.open = false);
    open.clear();
    openPlaces = 0;
  }

  public int generation() {
    return generation;
  }

  private long jittered(long nanos) {
    return (long) (nanos * (1 + JITTER * (2 * random.nextDouble() - 1)));
  }
}
