package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.FunctionName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many invocations of each function are under way, for the metrics. */
final class RunningInvocations {
  private final Map<Key, Integer> counts = new ConcurrentHashMap<>();

  /** Counts one more; {@link Running#count} includes it. */
  Running enter(TenantId tenant, FunctionName function) {
    Key key = new Key(tenant, function);
    return new Running(key, counts.merge(key, 1, Integer::sum));
  }

  /** Counts one less. */
  void leave(Running running) {
    counts.computeIfPresent(running.key(), (key, count) -> count == 1 ? null : count - 1);
  }

  record Key(TenantId tenant, FunctionName function) {}

  record Running(Key key, int count) {}
}
