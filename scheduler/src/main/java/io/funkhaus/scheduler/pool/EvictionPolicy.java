package io.funkhaus.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which idle sandboxes make room for others: those of a tenant that has more than its share first,
 * among equals those idle for the longest time; what is to be kept ready goes last. Pure.
 */
public final class EvictionPolicy {
  private static final long QUIET_NANOS = 60_000_000_000L;

  private EvictionPolicy() {}

  /**
   * One idle sandbox.
   *
   * @param provisioned whether it is one of those that are to be kept ready
   * @param overShare whether its tenant has more memory than its share
   */
  public record Candidate<S>(Member<S> member, boolean provisioned, boolean overShare) {}

  /**
   * Who wants room.
   *
   * @param bytes how much
   * @param forCaller whether somebody waits for it; only then what is to be kept ready may go
   * @param overShare whether its tenant has its share already: then those that have not are left
   *     alone, unless they have been quiet for a while
   */
  public record Wish(long bytes, boolean forCaller, boolean overShare) {}

  /** As few as give back so many bytes together; none when all of them would not be enough. */
  public static <S> List<Member<S>> choose(List<Candidate<S>> idle, Wish wish, long now) {
    List<Candidate<S>> inTurn = new ArrayList<>();
    for (Candidate<S> candidate : idle) {
      if (mayGo(candidate, wish, now)) {
        inTurn.add(candidate);
      }
    }
    inTurn.sort(
        Comparator.comparing((Candidate<S> candidate) -> candidate.provisioned())
            .thenComparing(candidate -> !candidate.overShare())
            .thenComparingLong(candidate -> candidate.member().since()));
    List<Member<S>> chosen = new ArrayList<>();
    long freed = 0;
    for (Candidate<S> candidate : inTurn) {
      if (freed >= wish.bytes()) {
        return chosen;
      }
      chosen.add(candidate.member());
      freed += candidate.member().pool().memoryBytes();
    }
    return freed >= wish.bytes() ? chosen : List.of();
  }

  private static <S> boolean mayGo(Candidate<S> candidate, Wish wish, long now) {
    if (candidate.provisioned() && !wish.forCaller()) {
      return false;
    }
    boolean quiet = now - candidate.member().since() >= QUIET_NANOS;
    return !wish.overShare() || candidate.overShare() || quiet;
  }
}
