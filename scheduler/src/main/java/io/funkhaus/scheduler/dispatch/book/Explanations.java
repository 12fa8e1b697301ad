package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.Waiting;
import io.funkhaus.scheduler.Waiting.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Why an invocation waits, for those who ask: looked up then, so that it costs nobody else
 * anything. Guarded by the book's lock.
 *
 * @param <S> what stands for a sandbox
 */
final class Explanations<S> {
  private final Obstacles obstacles;
  private final Register<S> register;

  Explanations(Obstacles obstacles, Register<S> register) {
    this.obstacles = obstacles;
    this.register = register;
  }

  /** What those in a line wait for. */
  Reason reason(Line<S> line) {
    return obstacles.of(line);
  }

  Optional<Waiting> waiting(UUID requestId, long now) {
    for (Line<S> line : register.lines()) {
      for (Waiter<S> waiter : line.waiters) {
        if (waiter.requestId().equals(requestId)) {
          return Optional.of(explained(line, waiter, now));
        }
      }
    }
    return Optional.empty();
  }

  private Waiting explained(Line<S> line, Waiter<S> waiter, long now) {
    Reason reason = obstacles.of(line);
    return new Waiting(
        reason,
        obstacles.words(line, reason),
        1 + ahead(waiter, sameLimit(line, reason)),
        Duration.ofNanos(now - waiter.arrivedNanos()));
  }

  private static <S> Predicate<Line<S>> sameLimit(Line<S> line, Reason reason) {
    return switch (reason) {
      case TENANT_CONCURRENCY -> other -> other.tenant == line.tenant;
      case FUNCTION_CONCURRENCY -> other -> other.share == line.share;
      case MEMORY_BUDGET, SANDBOX_START, BUSY_SANDBOXES, PARALLEL_STARTS -> other -> other == line;
    };
  }

  /** How many came earlier and wait for the same. */
  private int ahead(Waiter<S> waiter, Predicate<Line<S>> same) {
    int ahead = 0;
    for (Line<S> line : waiter.line().tenant.waitingLines) {
      if (same.test(line)) {
        ahead += ahead(waiter, line);
      }
    }
    return ahead;
  }

  private int ahead(Waiter<S> waiter, Line<S> line) {
    int ahead = 0;
    for (Waiter<S> other : line.waiters) {
      boolean later = other.arrivedNanos() - waiter.arrivedNanos() >= 0;
      if (other == waiter || (line != waiter.line() && later)) {
        return ahead;
      }
      ahead++;
    }
    return ahead;
  }
}
