package io.funkhaus.scheduler.dispatch.book;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts the book again, the slow way: for tests and for operators, after faults.
 *
 * @param <S> what stands for a sandbox
 */
final class Consistency<S> {
  private final Register<S> register;
  private final List<String> wrong = new ArrayList<>();

  Consistency(Register<S> register) {
    this.register = register;
  }

  /** What does not fit together; empty when all is well. */
  List<String> check(WaitingRoom<S> room, int starting) {
    int allWaiting = 0;
    int allStarting = 0;
    for (Line<S> line : register.lines()) {
      allWaiting += line.waiters.size();
      allStarting += line.pool.startingCount();
      servable(line);
      same("running of " + line.pool.spec(), line.pool.leases(), line.width.running());
    }
    same("waiting, all lines", allWaiting, room.size());
    same("tenants that wait", waitingTenants(), room.tenants());
    same("starting, all lines", allStarting, starting);
    register.allTenants().forEach(this::ofTenant);
    return List.copyOf(wrong);
  }

  private int waitingTenants() {
    int count = 0;
    for (Tenant<S> tenant : register.allTenants()) {
      count += tenant.waiting > 0 ? 1 : 0;
    }
    return count;
  }

  private void ofTenant(Tenant<S> tenant) {
    int leases = 0;
    int shared = 0;
    int waiting = 0;
    for (Line<S> line : register.lines()) {
      if (line.tenant == tenant) {
        leases += line.pool.leases();
        waiting += line.waiters.size();
      }
    }
    for (FunctionShare<S> share : tenant.functions.values()) {
      shared += Math.max(0, share.running() - share.reserved());
    }
    same("running of tenant " + tenant.id, leases, tenant.running);
    same("waiting of tenant " + tenant.id, waiting, tenant.waiting);
    same("shared places of tenant " + tenant.id, shared, tenant.sharedRunning);
  }

  /** Nobody waits for what is there. */
  private void servable(Line<S> line) {
    if (!line.waiters.isEmpty() && line.pool.freePlaces() > 0 && line.share.mayRun()) {
      wrong.add(line.pool.spec() + ": somebody waits although a place is free");
    }
  }

  private void same(String what, int counted, int kept) {
    if (counted != kept) {
      wrong.add(what + ": counted " + counted + ", kept " + kept);
    }
  }
}
