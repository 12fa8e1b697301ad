package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.pool.EvictionPolicy;
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

  void destroy(Line<S> line, Member<Seat<S>> member, DestroyReason reason, long now) {
    depart(line, member, now);
    actions.destroy(member.sandbox().sandbox(), reason);
  }

  /** It has ended already, or is about to: it is lent to nobody any more. */
  void depart(Line<S> line, Member<Seat<S>> member, long now) {
    if (line.pool.leave(member, now)) {
      memory.departed(member.sandbox().ticket());
    }
  }

  void destroyIdle(Line<S> line, DestroyReason reason, long now) {
    for (Member<Seat<S>> member : List.copyOf(line.pool.idleMembers())) {
      destroy(line, member, reason, now);
    }
  }

  /** Those that were idle too long, have become too old or were retired. */
  void expireIdle(Line<S> line, long now) {
    for (Member<Seat<S>> member : line.pool.expire(now)) {
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

  /** Idle sandboxes of others make room for one of this line. */
  void makeRoom(Line<S> line, long now) {
    long bytes = memory.missing(line);
    if (bytes <= 0) {
      return;
    }
    List<Member<Seat<S>>> idle = new ArrayList<>();
    register.lines().forEach(other -> idle.addAll(other.pool.idleMembers()));
    for (Member<Seat<S>> member : EvictionPolicy.choose(idle, bytes)) {
      destroy(member.sandbox().line(), member, DestroyReason.EVICTED, now);
    }
  }
}
