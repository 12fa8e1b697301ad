package io.funkhaus.scheduler.dispatch;

import io.funkhaus.scheduler.SandboxSpec;
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
  private final Map<SandboxSpec, Line<S>> lines = new HashMap<>();
  private final Map<String, Tenant<S>> tenants = new HashMap<>();

  Register(Lifetimes lifetimes, RandomGenerator random) {
    this.lifetimes = lifetimes;
    this.random = random;
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
    Tenant<S> tenant = tenants.computeIfAbsent(spec.tenant(), Tenant::new);
    tenant.lines++;
    Line<S> line = new Line<>(new SandboxPool<>(spec, lifetimes, random), tenant);
    lines.put(spec, line);
    return line;
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

  void dropWhenUnused(Line<S> line, long now) {
    boolean unused =
        line.waiters.isEmpty() && line.pool.size() == 0 && !line.pool.remembersFailures(now);
    if (unused && lines.remove(line.pool.spec(), line)) {
      line.tenant.lines--;
    }
    Tenant<S> tenant = line.tenant;
    if (tenant.lines == 0 && tenant.memoryBytes == 0 && tenant.running == 0) {
      tenants.remove(tenant.id, tenant);
    }
  }
}
