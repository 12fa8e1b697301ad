package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.dispatch.policy.Capacity;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.dispatch.policy.StartKind;
import io.funkhaus.scheduler.dispatch.policy.StartPolicy;
import io.funkhaus.scheduler.pool.Lifetimes;
import io.funkhaus.scheduler.pool.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/**
 * What a warm call does in {@link DispatchBook}, under a lock like {@code Dispatcher}'s: an idle
 * sandbox is lent, and comes back.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LendAndRelease {
  private static final int SANDBOXES = 8;
  private static final SandboxSpec SPEC =
      new SandboxSpec(
          "123456789012",
          "hello",
          "1",
          "nodejs22.x",
          Architecture.X86_64,
          "0".repeat(64),
          "index.handler",
          128,
          Duration.ofSeconds(3),
          Isolation.CONTAINER,
          1,
          Map.of());

  private final ReentrantLock lock = new ReentrantLock();
  private DispatchBook<String> book = book();
  private long now = 1;

  private static DispatchBook<String> book() {
    Limits limits = Limits.ofMemory(8L << 30);
    return new DispatchBook<>(
        limits,
        Lifetimes.DEFAULT,
        new StartPolicy(2),
        Readiness.NONE,
        new Capacity(limits.memoryBudgetBytes()),
        new Random(7));
  }

  /** Eight idle sandboxes of one version: each is started while all before it are busy. */
  @Setup
  public void fill() {
    book = book();
    List<Member<Seat<String>>> busy = new ArrayList<>();
    for (int tries = 0; busy.size() < SANDBOXES; tries++) {
      if (tries == 1000) {
        throw new IllegalStateException("the book starts no more than " + busy.size());
      }
      book.arrive(SPEC, new UUID(0, tries), now);
      now += TimeUnit.SECONDS.toNanos(1);
      book.tick(now);
      for (Action<String> action : book.takeActions()) {
        if (action instanceof Action.Start<String>(StartTicket<String> ticket)) {
          busy.add(book.started(ticket, "sandbox", StartKind.NOTHING, now));
        }
      }
    }
    for (Member<Seat<String>> member : busy) {
      book.released(member, true, now);
    }
    while (book.waiting() > 0) {
      now += TimeUnit.SECONDS.toNanos(20);
      book.tick(now);
    }
    book.takeActions();
  }

  @Benchmark
  public @Nullable Object alone() {
    return lendAndRelease();
  }

  @Benchmark
  @Threads(2)
  public @Nullable Object two() {
    return lendAndRelease();
  }

  @Benchmark
  @Threads(8)
  public @Nullable Object eight() {
    return lendAndRelease();
  }

  private @Nullable Object lendAndRelease() {
    Member<Seat<String>> member;
    lock.lock();
    try {
      member = book.lend(SPEC, now++);
    } finally {
      lock.unlock();
    }
    if (member == null) {
      return null;
    }
    lock.lock();
    try {
      book.released(member, true, now++);
      return book.takeActions();
    } finally {
      lock.unlock();
    }
  }
}
