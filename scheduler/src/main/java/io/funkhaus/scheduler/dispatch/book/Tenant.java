package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.pool.MovingAverage;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What one tenant uses now, and of how much. Guarded by the book's lock. */
final class Tenant<S> {
  final String id;

  /** How many of its invocations may run at the same time. */
  final int limit;

  int running;
  int waiting;

  /** Invocations that will run in the sandboxes that are being started for them. */
  int startingPlaces;

  int lines;
  long memoryBytes;

  /** How many of its places are reserved for one function or another. */
  int reserved;

  /** How many of the others are taken. */
  int sharedRunning;

  final MovingAverage runNanos = new MovingAverage(0);
  final Map<String, FunctionShare<S>> functions = new HashMap<>();

  /** Those of its lines in which somebody waits. */
  final Set<Line<S>> waitingLines = new LinkedHashSet<>();

  Tenant(String id, int limit) {
    this.id = id;
    this.limit = limit;
  }

  /** How many places are reserved for nobody. */
  int sharedLimit() {
    return Math.max(0, limit - reserved);
  }

  boolean unused() {
    return lines == 0 && memoryBytes == 0 && running == 0 && functions.isEmpty();
  }
}
