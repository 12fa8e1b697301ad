package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.dispatch.policy.Width;
import io.funkhaus.scheduler.pool.Lifetimes;
import io.funkhaus.scheduler.pool.SandboxPool;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The lines and tenants that the book knows of. Nothing is kept of functions and tenants that have
 * nothing. Guarded by the book's lock.
 *
 * @param <S> what stands for a sandbox
 */
final class Register<S> {
  private final Lifetimes lifetimes;
  private final RandomGenerator random;
  private final int tenantLimit;
  private final int processors;
  private final Map<SandboxSpec, Line<S>> lines = new HashMap<>();
  private final Map<String, Tenant<S>> tenants = new HashMap<>();

  /**
   * @param tenantLimit how many invocations of one tenant may run at the same time
   * @param processors of this host
   */
  Register(Lifetimes lifetimes, RandomGenerator random, int tenantLimit, int processors) {
    this.lifetimes = lifetimes;
    this.random = random;
    this.tenantLimit = tenantLimit;
    this.processors = processors;
  }

  @Nullable Line<S> find(SandboxSpec spec) {
    return lines.get(spec);
  }

  @Nullable Tenant<S> tenant(String id) {
    return tenants.get(id);
  }

  /** The line of this version, made when there is none. */
  Line<S> line(SandboxSpec spec) {
    Line<S> known = lines.get(spec);
    if (known != null) {
      return known;
    }
    Tenant<S> tenant = tenantMade(spec.tenant());
    FunctionShare<S> share = share(tenant, spec.function());
    SandboxPool<Seat<S>> pool = new SandboxPool<>(spec, lifetimes, random);
    Line<S> line = new Line<>(pool, tenant, share, new Width(processors));
    tenant.lines++;
    share.lines++;
    lines.put(spec, line);
    return line;
  }

  /** The tenant, made when it is not known. */
  Tenant<S> tenantMade(String id) {
    return tenants.computeIfAbsent(id, absent -> new Tenant<>(absent, tenantLimit));
  }

  /** What is one function's, made when there is nothing yet. */
  FunctionShare<S> share(Tenant<S> tenant, String function) {
    return tenant.functions.computeIfAbsent(function, name -> new FunctionShare<>(tenant, name));
  }

  Collection<Line<S>> lines() {
    return lines.values();
  }

  /** The lines there are now, for a walk that drops some. */
  List<Line<S>> linesNow() {
    return List.copyOf(lines.values());
  }

  int tenants() {
    return tenants.size();
  }

  Collection<Tenant<S>> allTenants() {
    return tenants.values();
  }

  /** How many tenants have memory, or somebody who waits for some. */
  int activeTenants() {
    int count = 0;
    for (Tenant<S> tenant : tenants.values()) {
      count += tenant.memoryBytes > 0 || tenant.waiting > 0 ? 1 : 0;
    }
    return count;
  }

  void dropWhenUnused(Line<S> line, long now) {
    if (line.unused(now) && lines.remove(line.pool.spec(), line)) {
      line.tenant.lines--;
      line.share.lines--;
    }
    dropWhenUnused(line.share, line.tenant);
  }

  void dropWhenUnused(FunctionShare<S> share, Tenant<S> tenant) {
    if (share.unused()) {
      tenant.functions.remove(share.name(), share);
    }
    dropWhenUnused(tenant);
  }

  void dropWhenUnused(Tenant<S> tenant) {
    if (tenant.unused()) {
      tenants.remove(tenant.id, tenant);
    }
  }
}
