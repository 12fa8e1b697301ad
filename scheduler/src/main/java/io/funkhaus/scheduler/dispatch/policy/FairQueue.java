package io.funkhaus.scheduler.dispatch.policy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * First come, first served within a tenant; round robin between tenants. Pure: knows no clock, no
 * thread, and not what it queues.
 *
 * @param <K> the tenant
 * @param <E> what waits; each at most once
 */
public final class FairQueue<K, E> {
  /** The tenant whose turn it is comes first; one that was served goes to the end. */
  private final Map<K, Deque<E>> turns = new LinkedHashMap<>();

  private int size;

  /** Queues it behind the others of its tenant; does nothing when it waits already. */
  public void add(K tenant, E element) {
    Deque<E> queue = turns.computeIfAbsent(tenant, absent -> new ArrayDeque<>());
    if (!queue.contains(element)) {
      queue.addLast(element);
      size++;
    }
  }

  /**
   * Takes the first element that can be served, looking at each tenant's in order, beginning with
   * the tenant whose turn it is. That tenant then has its next turn after all others.
   */
  public @Nullable E poll(Predicate<E> servable) {
    for (Map.Entry<K, Deque<E>> turn : turns.entrySet()) {
      E served = pollFirst(turn.getValue(), servable);
      if (served != null) {
        endTurn(turn.getKey());
        return served;
      }
    }
    return null;
  }

  private @Nullable E pollFirst(Deque<E> queue, Predicate<E> servable) {
    for (E element : queue) {
      if (servable.test(element)) {
        queue.remove(element);
        size--;
        return element;
      }
    }
    return null;
  }

  private void endTurn(K tenant) {
    Deque<E> queue = turns.remove(tenant);
    if (queue != null && !queue.isEmpty()) {
      turns.put(tenant, queue);
    }
  }

  /** Takes it out. False when it did not wait. */
  public boolean remove(K tenant, E element) {
    Deque<E> queue = turns.get(tenant);
    if (queue == null || !queue.remove(element)) {
      return false;
    }
    size--;
    if (queue.isEmpty()) {
      turns.remove(tenant);
    }
    return true;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }
}
