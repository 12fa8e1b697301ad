package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.resolution.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The invocations that are under way in this service, from their call until their record is kept:
 * counted for the metrics, and found by those who ask. On the warm path: two map entries each.
 */
final class RunningInvocations {
  private final Map<Key, Integer> counts = new ConcurrentHashMap<>();
  private final Map<UUID, Running> byRequest = new ConcurrentHashMap<>();

  /** Counts one more; {@link Running#count} includes it. */
  Running enter(InvocationRequest request, Target target, Instant startedAt) {
    Key key = new Key(request.caller().tenant(), request.function());
    int count = counts.merge(key, 1, Integer::sum);
    Running running = new Running(key, count, request, target, startedAt);
    byRequest.put(request.requestId(), running);
    return running;
  }

  /** Counts one less. Its record, if one could be kept, has been kept by now. */
  void leave(Running running) {
    byRequest.remove(running.request().requestId());
    counts.computeIfPresent(running.key(), (key, count) -> count == 1 ? null : count - 1);
  }

  /** The one with this id, if it is this tenant's; else null. */
  @Nullable Running find(TenantId tenant, UUID requestId) {
    Running running = byRequest.get(requestId);
    return running == null || !running.key().tenant().equals(tenant) ? null : running;
  }

  /** A tenant's, in no order. Looks at all there are: for people, not for programs in a loop. */
  List<Running> of(TenantId tenant) {
    List<Running> found = new ArrayList<>();
    for (Running running : byRequest.values()) {
      if (running.key().tenant().equals(tenant)) {
        found.add(running);
      }
    }
    return found;
  }

  record Key(TenantId tenant, FunctionName function) {}

  /**
   * One of them.
   *
   * @param count how many of its function were under way when it came, itself included
   */
  record Running(Key key, int count, InvocationRequest request, Target target, Instant startedAt) {}
}
