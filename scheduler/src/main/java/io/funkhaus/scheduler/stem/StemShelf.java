package io.funkhaus.scheduler.stem;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The stems of one kind, those who wait for one, and the memory that covers them. Guarded by the
 * pool's lock; changed by the book only.
 *
 * <p>Who waits has memory of his own, enough for the stem that is made for him. Every other stem is
 * covered by memory of the stock's, of which nothing {@link #superfluous} is kept.
 */
final class StemShelf<S> {
  final StemKind kind;
  final int floor;
  final StemDemand demand;

  /** Oldest first. */
  final Deque<Stem<S>> ready = new ArrayDeque<>();

  final Set<Stem<S>> launching = new LinkedHashSet<>();
  final Deque<StemTaker<S>> takers = new ArrayDeque<>();
  final Deque<Runnable> memory = new ArrayDeque<>();

  /** Places in stock for which memory is being asked. */
  int reserving;

  /** Stems of the stock that are on their way off the host. */
  int leaving;

  /** How many that are being launched are not wanted any more. */
  int doomed;

  /** Launches that failed in a row. */
  int failures;

  /** No stock is made before this moment, because launches failed; one that succeeds ends it. */
  long failingUntil;

  /** No stock is made before this moment. */
  long pausedUntil;

  StemShelf(StemKind kind, int floor, int mostAtLeisure, long now) {
    this.demand = new StemDemand(mostAtLeisure, now);
    this.kind = kind;
    this.floor = floor;
    this.pausedUntil = now;
    this.failingUntil = now;
  }

  boolean pauses(long now) {
    return now - pausedUntil < 0 || now - failingUntil < 0;
  }

  /** How many there would be if everybody who waits were served. */
  int stock() {
    return ready.size() + launching.size() - doomed - takers.size();
  }

  int aboveFloor() {
    return Math.max(0, stock() + reserving - floor);
  }

  /** How many reservations more there are than stems that nobody else's memory covers. */
  int superfluous() {
    return memory.size() - leaving - Math.max(0, ready.size() + launching.size() - takers.size());
  }
}
