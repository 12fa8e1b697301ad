package io.funkhaus.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which idle sandboxes make room for others: those idle for the longest time. Pure. */
public final class EvictionPolicy {
  private EvictionPolicy() {}

  /** As few as give back so many bytes together; none when all of them would not be enough. */
  public static <S> List<Member<S>> choose(List<Member<S>> idle, long bytes) {
    List<Member<S>> longestFirst = new ArrayList<>(idle);
    longestFirst.sort(Comparator.comparingLong(Member::since));
    List<Member<S>> chosen = new ArrayList<>();
    long freed = 0;
    for (Member<S> member : longestFirst) {
      if (freed >= bytes) {
        return chosen;
      }
      chosen.add(member);
      freed += member.pool().memoryBytes();
    }
    return freed >= bytes ? chosen : List.of();
  }
}
