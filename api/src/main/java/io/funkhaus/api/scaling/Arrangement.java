package io.funkhaus.api.scaling;

import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.invalidation.Cached;
import io.funkhaus.api.invalidation.Invalidations;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.SandboxSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps the scheduler of this service told of how concurrency is shared out: all of it at the
 * start, a tenant's when something of it has changed here or in another service.
 *
 * <p>What must not be broken: one thread reads and tells, so that what was read earlier is never
 * told later.
 */
@Component
final class Arrangement implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Arrangement.class);

  /** The topic of changed settings; the id is the tenant's. */
  static final String TOPIC = "scaling";

  /** After the scheduler, before the web server accepts. */
  private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 2560;

  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final ScalingRows rows;
  private final FunctionTargets targets;
  private final Invoker invoker;
  private final Set<TenantId> due = ConcurrentHashMap.newKeySet();

  /** Tenants the scheduler has an arrangement of; written by the worker only. */
  private final Map<TenantId, AccountId> arranged = new ConcurrentHashMap<>();

  /** Null while stopped. */
  private volatile @Nullable ScheduledExecutorService worker;

  Arrangement(
      ScalingRows rows, FunctionTargets targets, Invoker invoker, Invalidations invalidations) {
    this.rows = rows;
    this.targets = targets;
    this.invoker = invoker;
    invalidations.register(TOPIC, changes(id -> soon(tenant(id))));
    // What an alias points to, and whether a function is there, matters only where some is
    // arranged.
    invalidations.register(
        FunctionTargets.TOPIC,
        changes(id -> {
          TenantId tenant = tenant(id.substring(0, id.indexOf('/')));
          if (arranged.containsKey(tenant)) {
            soon(tenant);
          }
        }));
  }

  private interface Change {
    void of(String id);
  }

  private Cached changes(Change change) {
    return new Cached() {
      @Override
      public void forget(String id) {
        change.of(id);
      }

      @Override
      public void forgetAll() {
        later(Duration.ZERO, Arrangement.this::arrangeAll);
      }
    };
  }

  private static TenantId tenant(String id) {
    return new TenantId(Long.parseLong(id));
  }

  /** Waits until the scheduler knows a change that has been committed. */
  void arrangeNow(TenantId tenant) {
    await(() -> arrange(tenant), tenant.toString());
  }

  private void await(Runnable round, String what) {
    ScheduledExecutorService running = worker;
    if (running == null) {
      return;
    }
    try {
      running.submit(round).get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Stored it is, and it is tried again until the scheduler knows.
      LOG.warn("event=arrangement_late tenant={} reason={}", what, e.toString());
    }
  }

  private void soon(TenantId tenant) {
    if (due.add(tenant)) {
      later(Duration.ZERO, () -> arrange(tenant));
    }
  }

  /** Nothing when stopped: the next start tells everything. */
  private void later(Duration pause, Runnable round) {
    ScheduledExecutorService running = worker;
    if (running == null) {
      return;
    }
    try {
      // Each round reports its own failures.
      Future<?> _ = running.schedule(round, pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      LOG.debug("event=arrangement_stopped");
    }
  }

  private void arrange(TenantId tenant) {
    due.remove(tenant);
    try {
      tell(tenant, rows.scaled(tenant));
    } catch (RuntimeException e) {
      LOG.warn(
          "event=arrangement_failed tenant={} retryMillis={} reason={}",
          tenant,
          RETRY.toMillis(),
          e.toString());
      if (due.add(tenant)) {
        later(RETRY, () -> arrange(tenant));
      }
    }
  }

  private void arrangeAll() {
    try {
      Map<TenantId, List<ScalingRows.Scaled>> byTenant = new HashMap<>();
      for (ScalingRows.Scaled function : rows.scaled(null)) {
        byTenant.computeIfAbsent(function.tenant(), first -> new ArrayList<>()).add(function);
      }
      Set<TenantId> tenants = new HashSet<>(arranged.keySet());
      tenants.addAll(byTenant.keySet());
      for (TenantId tenant : tenants) {
        tell(tenant, byTenant.getOrDefault(tenant, List.of()));
      }
    } catch (RuntimeException e) {
      LOG.warn(
          "event=arrangement_failed tenant=all retryMillis={} reason={}",
          RETRY.toMillis(),
          e.toString());
      later(RETRY, this::arrangeAll);
    }
  }

  private void tell(TenantId tenant, List<ScalingRows.Scaled> functions) {
    if (functions.isEmpty()) {
      AccountId account = arranged.remove(tenant);
      if (account != null) {
        invoker.arrange(account.value(), List.of());
      }
      return;
    }
    AccountId account = functions.getFirst().account();
    arranged.put(tenant, account);
    invoker.arrange(account.value(), functions.stream().map(this::scaling).toList());
  }

  private FunctionScaling scaling(ScalingRows.Scaled function) {
    Map<SandboxSpec, Integer> provisioned = new HashMap<>();
    for (ScalingRows.Provisioned row : rows.provisioned(function.tenant(), function.id())) {
      try {
        targets
            .split(
                function.tenant(),
                function.account(),
                function.name(),
                Qualifier.parse(row.qualifier()),
                row.sandboxes())
            .forEach((spec, count) -> provisioned.merge(spec, count, Integer::sum));
      } catch (ProblemException gone) {
        // The alias or the function was deleted since it was read; that change is told next.
        LOG.debug("event=provisioned_gone function={}", function.name());
      }
    }
    return new FunctionScaling(
        function.name().value(), function.maximum(), function.reserved(), provisioned);
  }

  @Override
  public void start() {
    due.clear();
    worker =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("arrangement").factory());
    await(this::arrangeAll, "all");
  }

  @Override
  public void stop() {
    ScheduledExecutorService running = worker;
    worker = null;
    if (running != null) {
      running.shutdownNow();
    }
  }

  @Override
  public boolean isRunning() {
    return worker != null;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
