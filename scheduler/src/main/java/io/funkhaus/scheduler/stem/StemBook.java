package io.funkhaus.scheduler.stem;

import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How many stems are made, for whom, and which go: the decisions of {@link StemPool}, without its
 * threads, lock and clock. It is told what happens and when; what it decides comes out of {@link
 * #takeActions}.
 *
 * <p>What must not be broken: a stem is given away once; and every container has memory that covers
 * it, from before it is made until nothing is left of it. Memory comes back exactly once.
 *
 * @param <S> what stands for a sandbox
 */
final class StemBook<S> {
  private static final long PAUSE_NANOS = 1_000_000_000;
  private static final long PAUSE_AFTER_EVICTION_NANOS = 5_000_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 30_000_000_000L;
  private static final int FAILURES_TO_GIVE_UP = 3;
  private static final double JITTER = 0.2;

  private final StemSettings settings;
  private final int parallel;
  private final RandomGenerator random;
  private final Map<StemKind, StemShelf<S>> shelves = new LinkedHashMap<>();
  private final Lull lull = new Lull();
  private List<StemAction<S>> actions = new ArrayList<>();
  private int underWay;
  private boolean leisure = true;
  private boolean closed;

  /**
   * @param parallel containers that are made at the same time, whoever they are for
   */
  StemBook(StemSettings settings, int parallel, RandomGenerator random) {
    this.settings = settings;
    this.parallel = parallel;
    this.random = random;
  }

  /** A runtime that this installation has: some are kept ready before anybody asks. */
  void install(StemKind kind, long now) {
    shelf(kind, now);
    settle(now);
  }

  private StemShelf<S> shelf(StemKind kind, long now) {
    int floor = kind.isolation() == Isolation.CONTAINER ? settings.floor() : 0;
    return shelves.computeIfAbsent(
        kind, key -> new StemShelf<>(key, floor, settings.mostAtLeisure(), now));
  }

  /**
   * So many are likely to be wanted: they are made when there is processor time to spare. Not at
   * once: what is worth less than one stem a moment later is worth none now.
   */
  void expect(StemKind kind, int count, long now) {
    shelf(kind, now).demand.expected(count, now);
  }

  // ---- taking ----

  /** Somebody wants one; the answer may be there at once. */
  void take(StemKind kind, StemTaker<S> taker, long now) {
    StemShelf<S> shelf = shelf(kind, now);
    taker.shelf = shelf;
    taker.answer(null); // whoever asks again has done with what it was given before
    shelf.demand.took(now);
    lull.took(now);
    if (closed) {
      answer(taker, shuttingDown());
      return;
    }
    shelf.takers.addLast(taker);
    settle(now);
  }

  /** The stem it was given has died before anything was done with it: once more, and next. */
  void retake(StemTaker<S> taker, long now) {
    StemShelf<S> shelf = taker.shelf;
    if (shelf == null || closed) {
      answer(taker, shuttingDown());
      return;
    }
    taker.answer(null);
    shelf.takers.addFirst(taker);
    settle(now);
  }

  private static <S> StemTaker.Answer<S> shuttingDown() {
    return new StemTaker.Answer.Failed<>(new IOException("the scheduler is shutting down"));
  }

  /** It takes no more, whether it got one or not. */
  void over(StemTaker<S> taker, long now) {
    taker.over = true;
    StemShelf<S> shelf = taker.shelf;
    if (shelf != null) {
      shelf.takers.remove(taker);
    }
    conclude(taker);
    settle(now);
  }

  /** A taker's memory covers what is being made for it, for as long as that needs covering. */
  private void conclude(StemTaker<S> taker) {
    if (!taker.over || taker.containers > 0) {
      return;
    }
    StemShelf<S> shelf = taker.shelf;
    if (shelf == null) {
      actions.add(new StemAction.Release<>(taker.whenGone));
      return;
    }
    shelf.memory.addFirst(taker.whenGone);
    if (shelf.superfluous() <= 0 && shelf.doomed < shelf.launching.size()) {
      shelf.doomed++; // it may be any function's: too much to stay with one of the stock
    }
  }

  // ---- what becomes of stems ----

  void launched(Stem<S> stem, S sandbox, long now) {
    StemShelf<S> shelf = stem.shelf;
    launchEnded(stem);
    shelf.failures = 0;
    shelf.failingUntil = now;
    stem.sandbox = sandbox;
    if (stem.gone) {
      stem.state = Stem.State.LEAVING;
    } else if (closed) {
      dismiss(stem, DestroyReason.SHUTDOWN);
    } else if (shelf.doomed > 0 && shelf.takers.isEmpty()) {
      shelf.doomed--;
      dismiss(stem, DestroyReason.EVICTED);
    } else {
      stem.state = Stem.State.READY;
      stem.expiresAt = now + jittered(settings.age().toNanos());
      shelf.ready.addLast(stem);
    }
    settle(now);
  }

  /**
   * Whoever has waited for longest is told; when nobody waits, the stock is made later. When it
   * fails again and again, what was only expected is not prepared for any more.
   */
  void failed(Stem<S> stem, Exception cause, long now) {
    StemShelf<S> shelf = stem.shelf;
    launchEnded(stem);
    shelf.failures++;
    if (shelf.failures >= FAILURES_TO_GIVE_UP) {
      shelf.demand.expectNone();
    }
    shelf.failingUntil =
        now + Math.min(LONGEST_PAUSE_NANOS, PAUSE_NANOS << Math.min(5, shelf.failures));
    StemTaker<S> taker = shelf.takers.pollFirst();
    if (taker != null) {
      bind(stem, taker);
      answer(taker, new StemTaker.Answer.Failed<>(cause));
    } else {
      leave(stem);
    }
    settle(now);
  }

  /** It was to be launched, and nothing was done. */
  void notLaunched(Stem<S> stem, long now) {
    stem.gone = true;
    launchEnded(stem);
    settle(now);
  }

  private void launchEnded(Stem<S> stem) {
    underWay--;
    stem.shelf.launching.remove(stem);
    stem.shelf.doomed = Math.min(stem.shelf.doomed, stem.shelf.launching.size());
  }

  /** A sandbox has ended; when it was a stem in stock, another one takes its place. */
  void died(S sandbox, long now) {
    for (StemShelf<S> shelf : shelves.values()) {
      for (Stem<S> stem : shelf.ready) {
        if (sandbox.equals(stem.sandbox)) {
          shelf.ready.remove(stem);
          leave(stem);
          settle(now);
          return;
        }
      }
    }
  }

  /** Nothing is left of it on the host. */
  void gone(Stem<S> stem, long now) {
    if (stem.gone) {
      return;
    }
    stem.gone = true;
    StemTaker<S> taker = stem.taker;
    if (taker != null) {
      taker.containers--;
      conclude(taker);
    } else if (stem.state == Stem.State.LEAVING) {
      stem.shelf.leaving--;
    } else if (stem.shelf.ready.remove(stem)) {
      stem.state = Stem.State.LEAVING;
    }
    settle(now);
  }

  private void bind(Stem<S> stem, StemTaker<S> taker) {
    stem.state = Stem.State.TAKEN;
    if (!stem.gone) {
      stem.taker = taker;
      taker.containers++;
    }
  }

  private void leave(Stem<S> stem) {
    stem.state = Stem.State.LEAVING;
    if (!stem.gone) {
      stem.shelf.leaving++;
    }
  }

  private void dismiss(Stem<S> stem, DestroyReason reason) {
    leave(stem);
    if (stem.sandbox != null) {
      actions.add(new StemAction.Destroy<>(stem.sandbox, reason));
    }
  }

  // ---- memory of the stock ----

  /** There is memory for one more in stock. */
  void reserved(StemShelf<S> shelf, Runnable memory, long now) {
    underWay--;
    shelf.reserving--;
    shelf.memory.addLast(memory);
    if (!closed) {
      launch(shelf);
    }
    settle(now);
  }

  /** There is none now. */
  void notReserved(StemShelf<S> shelf, long now) {
    underWay--;
    shelf.reserving--;
    pause(shelf, PAUSE_NANOS, now);
    settle(now);
  }

  /** Functions need the memory: gives up stems of the stock worth so many bytes, if it has them. */
  void evict(long bytes, long now) {
    long lacking = bytes;
    for (StemShelf<S> shelf : shelves.values()) {
      long each = settings.memoryBytes(shelf.kind.isolation());
      pause(shelf, PAUSE_AFTER_EVICTION_NANOS, now);
      while (lacking > 0 && !shelf.ready.isEmpty()) {
        dismiss(shelf.ready.removeFirst(), DestroyReason.EVICTED);
        lacking -= each;
      }
      while (lacking > 0 && shelf.stock() > 0) {
        shelf.doomed++;
        lacking -= each;
      }
    }
  }

  private static <S> void pause(StemShelf<S> shelf, long nanos, long now) {
    if (now + nanos - shelf.pausedUntil > 0) {
      shelf.pausedUntil = now + nanos;
    }
  }

  // ---- deciding ----

  /** After every event: who gets one, what is made, which memory is not needed any more. */
  private void settle(long now) {
    shelves.values().forEach(this::serve);
    if (!closed) {
      shelves.values().forEach(this::launchForTakers);
      shelves.values().forEach(shelf -> stockUp(shelf, now));
      stockUpAtLeisure(now);
    }
    shelves.values().forEach(this::release);
  }

  private void serve(StemShelf<S> shelf) {
    while (!shelf.ready.isEmpty() && !shelf.takers.isEmpty()) {
      Stem<S> stem = shelf.ready.removeFirst();
      StemTaker<S> taker = shelf.takers.removeFirst();
      S sandbox = stem.sandbox;
      if (sandbox == null) {
        throw new IllegalStateException("a stem that is ready has a sandbox");
      }
      bind(stem, taker);
      answer(taker, new StemTaker.Answer.Granted<>(sandbox));
    }
  }

  private void answer(StemTaker<S> taker, StemTaker.Answer<S> answer) {
    taker.answer(answer);
    actions.add(new StemAction.Wake<>(taker));
  }

  private void launchForTakers(StemShelf<S> shelf) {
    shelf.doomed =
        Math.max(0, Math.min(shelf.doomed, shelf.launching.size() - shelf.takers.size()));
    while (shelf.launching.size() < shelf.takers.size() && underWay < parallel) {
      launch(shelf);
    }
  }

  private void stockUp(StemShelf<S> shelf, long now) {
    if (shelf.pauses(now) || lull.holds(now)) {
      return;
    }
    int pressing = shelf.demand.target(shelf.floor, settings.most(), now);
    while (shelf.stock() + shelf.reserving < pressing && underWay < parallel) {
      reserve(shelf);
    }
  }

  /**
   * One at a time: making what is only remembered must not itself use up the time there is. Of
   * those who have less than they should, the one with least.
   */
  private void stockUpAtLeisure(long now) {
    if (!leisure || !lull.longOver(now) || underWay > 0) {
      return;
    }
    shelves.values().stream()
        .filter(shelf -> isWantedAtLeisure(shelf, now))
        .min(Comparator.comparingInt(StemShelf::aboveFloor))
        .ifPresent(this::reserve);
  }

  private boolean isWantedAtLeisure(StemShelf<S> shelf, long now) {
    int remembered = shelf.demand.targetAtLeisure(shelf.floor, settings.most(), now);
    return shelf.stock() + shelf.reserving < remembered
        && !shelf.pauses(now)
        && leisureHasRoomFor(shelf.kind);
  }

  /** What is kept above the floors takes no more memory than the most of one kind may. */
  private boolean leisureHasRoomFor(StemKind kind) {
    long bytes = settings.memoryBytes(kind.isolation());
    for (StemShelf<S> shelf : shelves.values()) {
      bytes += shelf.aboveFloor() * settings.memoryBytes(shelf.kind.isolation());
    }
    return bytes <= settings.mostAtLeisure() * settings.memoryBytes(Isolation.CONTAINER);
  }

  private void reserve(StemShelf<S> shelf) {
    underWay++;
    shelf.reserving++;
    actions.add(new StemAction.Reserve<>(shelf));
  }

  private void launch(StemShelf<S> shelf) {
    Stem<S> stem = new Stem<>(shelf);
    underWay++;
    shelf.launching.add(stem);
    actions.add(new StemAction.Launch<>(stem));
  }

  private void release(StemShelf<S> shelf) {
    while (shelf.superfluous() > 0) {
      actions.add(new StemAction.Release<>(shelf.memory.removeFirst()));
    }
  }

  // ---- time ----

  /** Whether the host has processor time to spare for more of them than are pressing. */
  void leisure(boolean there) {
    leisure = there;
  }

  /** Those that are too old or too many go. */
  void tick(long now) {
    for (StemShelf<S> shelf : shelves.values()) {
      expire(shelf, now);
      int most = shelf.demand.targetAtLeisure(shelf.floor, settings.most(), now);
      while (!shelf.ready.isEmpty() && shelf.stock() > most) {
        dismiss(shelf.ready.removeFirst(), DestroyReason.IDLE);
      }
    }
    settle(now);
  }

  /** Each at its own time: they do not become too old in the order in which they were made. */
  private void expire(StemShelf<S> shelf, long now) {
    for (Stem<S> stem : List.copyOf(shelf.ready)) {
      if (now - stem.expiresAt >= 0) {
        shelf.ready.remove(stem);
        dismiss(stem, DestroyReason.TOO_OLD);
      }
    }
  }

  /** The end: those who wait are told, what is there goes. */
  void close(long now) {
    closed = true;
    for (StemShelf<S> shelf : shelves.values()) {
      while (!shelf.takers.isEmpty()) {
        answer(shelf.takers.removeFirst(), shuttingDown());
      }
      while (!shelf.ready.isEmpty()) {
        dismiss(shelf.ready.removeFirst(), DestroyReason.SHUTDOWN);
      }
    }
    settle(now);
  }

  private long jittered(long nanos) {
    return (long) (nanos * (1 + JITTER * (2 * random.nextDouble() - 1)));
  }

  // ---- looking ----

  /** What there is to do, in order. */
  List<StemAction<S>> takeActions() {
    if (actions.isEmpty()) {
      return List.of();
    }
    List<StemAction<S>> taken = actions;
    actions = new ArrayList<>();
    return taken;
  }

  Collection<StemShelf<S>> shelves() {
    return shelves.values();
  }

  List<StemCount> counts() {
    return shelves.values().stream()
        .map(shelf ->
            new StemCount(
                shelf.kind, shelf.ready.size(), shelf.launching.size(), shelf.takers.size()))
        .toList();
  }
}
