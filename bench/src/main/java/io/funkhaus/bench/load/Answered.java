package io.funkhaus.bench.load;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One call that came to an end.
 *
 * @param atNanos since the load began
 * @param tookNanos from when the call was due
 * @param status 0 when there was no answer
 * @param problem what a call that failed was answered, or why it was not
 */
public record Answered(
    long atNanos,
    long tookNanos,
    int status,
    @Nullable String requestId,
    @Nullable String retryAfter,
    @Nullable String problem) {

  public boolean ok() {
    return status == 200;
  }

  /**
   * How many failed, and the answers of the most frequent kind of failure; empty when none did.
   *
   * @param expected a status that is no failure
   */
  public static Optional<String> failures(Collection<Answered> calls, int expected) {
    Map<Integer, List<Answered>> byStatus =
        calls.stream()
            .filter(call -> !call.ok() && call.status() != expected)
            .collect(Collectors.groupingBy(Answered::status));
    return byStatus.values().stream()
        .max(Comparator.comparingInt(List::size))
        .map(most -> {
          int all = byStatus.values().stream().mapToInt(List::size).sum();
          Answered one = most.getFirst();
          return "%d of %d calls failed, %d with %d %s"
              .formatted(all, calls.size(), most.size(), one.status(), one.problem());
        });
  }
}
