package io.funkhaus.scheduler.dispatch;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often things of each kind have happened since the service runs. For many threads. */
final class Tally<E extends Enum<E>> {
  private final Class<E> kinds;
  private final Map<E, LongAdder> counts = new ConcurrentHashMap<>();

  Tally(Class<E> kinds) {
    this.kinds = kinds;
  }

  void count(E kind) {
    counts.computeIfAbsent(kind, first -> new LongAdder()).increment();
  }

  /** Of those that have happened at all. */
  Map<E, Long> sums() {
    Map<E, Long> sums = new EnumMap<>(kinds);
    counts.forEach((kind, count) -> sums.put(kind, count.sum()));
    return sums;
  }
}
