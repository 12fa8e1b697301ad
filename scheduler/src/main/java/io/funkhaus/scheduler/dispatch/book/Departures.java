package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.pool.EvictionPolicy;
import io.funkhaus.scheduler.pool.EvictionPolicy.Candidate;
import io.funkhaus.scheduler.pool.EvictionPolicy.Wish;
import io.funkhaus.scheduler.pool.Member;
import io.funkhaus.scheduler.sandbox.DestroyReason;
import java.util.ArrayList;
import java.util.List;

/**
 * How sandboxes leave: each with a reason, its memory counted as on its way back until nothing is
 * left of it. Guarded by the book's lock.
 *
 * @param <S> what stands for a sandbox
 */
final class Departures<S> {
  private final Register<S> register;
  private final MemoryShares<S> memory;
  private final Actions<S> actions;

  Departures(Register<S> register, MemoryShares<S> memory, Actions<S> actions) {
    this.register = register;
    this.memory = memory;
    this.actions = actions;
  }

  void destroy(Line<S> line, Member<Seat<S>> member, DestroyReason reason) {
    depart(line, member);
    actions.destroy(member.sandbox().sandbox(), reason);
  }

  /** It has ended already, or is about to: it is lent to nobody any more. */
  void depart(Line<S> line, Member<Seat<S>> member) {
    if (line.pool.leave(member)) {
      memory.departed(member.sandbox().ticket());
    }
  }

  void destroyIdle(Line<S> line, DestroyReason reason) {
    for (Member<Seat<S>> member : line.pool.idleMembers()) {
      destroy(line, member, reason);
    }
  }

  /** Those that were idle too long, have become too old or were retired. */
  void expireIdle(Line<S> line, long now) {
    for (Member<Seat<S>> member : line.pool.expire(now, line.provision.wanted())) {
      memory.departed(member.sandbox().ticket());
      actions.destroy(member.sandbox().sandbox(), whyOver(line, member, now));
    }
  }

  static <S> DestroyReason whyOver(Line<S> line, Member<Seat<S>> member, long now) {
    if (line.pool.outdated(member)) {
      return DestroyReason.RETIRED;
    }
    return line.pool.worn(member, now) ? DestroyReason.TOO_OLD : DestroyReason.IDLE;
  }

  /** Fewer are to be kept ready than were: those idle for the longest time go. */
  void reduce(Line<S> line, int by) {
    int spare = line.pool.idleCount() + line.pool.busyCount() - line.provision.wanted();
    List<Member<Seat<S>>> idle = line.pool.idleMembers().reversed();
    int leaving = Math.min(idle.size(), Math.min(by, spare));
    for (int i = 0; i < leaving; i++) {
      destroy(line, idle.get(i), DestroyReason.IDLE);
    }
  }

  /**
   * Stems, then idle sandboxes of others make room for one of this line.
   *
   * @param forCaller whether somebody waits for it
   */
  void makeRoom(Line<S> line, boolean forCaller, long now) {
    long bytes = memory.missing(line);
    if (bytes <= 0) {
      return;
    }
    long fromStems = memory.stems().askBack(bytes);
    if (fromStems > 0) {
      actions.evictStems(fromStems);
      bytes -= fromStems;
    }
    if (bytes <= 0) {
      return;
    }
    int tenants = register.activeTenants();
    Wish wish = new Wish(bytes, forCaller, memory.wouldExceedShare(line, tenants));
    List<Candidate<Seat<S>>> candidates = new ArrayList<>();
    for (Line<S> other : register.lines()) {
      boolean own = other.tenant == line.tenant && wish.overShare();
      addCandidates(other, own || memory.exceedsShare(other.tenant, tenants), candidates);
    }
    for (Member<Seat<S>> member : EvictionPolicy.choose(candidates, wish, now)) {
      Line<S> own = member.sandbox().line();
      destroy(own, member, DestroyReason.EVICTED);
      if (own.pool.size() < own.provision.wanted()) {
        own.provision.failed("its memory was needed for callers of other functions", now);
      }
    }
  }

  private void addCandidates(Line<S> line, boolean overShare, List<Candidate<Seat<S>>> candidates) {
    int kept = line.provision.wanted() - line.pool.busyCount();
    for (Member<Seat<S>> member : line.pool.idleMembers()) {
      candidates.add(new Candidate<>(member, kept > 0, overShare));
      kept--;
    }
  }
}
