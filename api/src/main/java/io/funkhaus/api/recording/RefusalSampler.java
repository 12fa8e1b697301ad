package io.funkhaus.api.recording;

import io.funkhaus.api.caller.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a flood of refused invocations from flooding the journal: of each function version, the
 * first few between two drains (a second) are recorded one by one, the rest only counted.
 */
final class RefusalSampler {
  static final int RECORDED_PER_DRAIN = 10;

  private final Map<Key, Integer> seen = new ConcurrentHashMap<>();

  /** Whether this refusal is to be recorded with all it has. */
  boolean records(InvocationRecord refused) {
    int count = seen.merge(Key.of(refused), 1, Integer::sum);
    return count <= RECORDED_PER_DRAIN;
  }

  /** What was only counted since the last drain. */
  List<RefusedCount> drain(Instant now) {
    List<RefusedCount> counts = new ArrayList<>();
    for (Key key : Set.copyOf(seen.keySet())) {
      Integer count = seen.remove(key);
      if (count != null && count > RECORDED_PER_DRAIN) {
        long more = (long) count - RECORDED_PER_DRAIN;
        counts.add(new RefusedCount(key.tenant(), key.function(), key.version(), now, more));
      }
    }
    return counts;
  }

  private record Key(TenantId tenant, String function, String version) {
    static Key of(InvocationRecord record) {
      return new Key(record.tenant(), record.target().function(), record.target().version());
    }
  }
}
