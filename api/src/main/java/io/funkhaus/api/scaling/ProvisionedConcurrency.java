package io.funkhaus.api.scaling;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.AliasDeleted;
import io.funkhaus.api.function.FunctionId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Missing;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.configuration.PlatformLimits;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.function.resolution.Target;
import io.funkhaus.api.invalidation.Invalidations;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Usage;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sandboxes that are kept ready for a version, so that its calls never wait for a start. Those of
 * an alias follow it. Settings of several qualifiers that lead to one version add up.
 */
@Service
public class ProvisionedConcurrency {
  /** Of the memory that functions have here, how much may be held by sandboxes kept ready. */
  private static final double MEMORY_SHARE = 0.75;

  private final ScalingRows rows;
  private final FunctionTargets targets;
  private final Invoker invoker;
  private final PlatformLimits limits;
  private final Invalidations invalidations;
  private final Arrangement arrangement;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  ProvisionedConcurrency(
      ScalingRows rows,
      FunctionTargets targets,
      Invoker invoker,
      PlatformLimits limits,
      Invalidations invalidations,
      Arrangement arrangement,
      PlatformTransactionManager transactions,
      InstantSource clock) {
    this.rows = rows;
    this.targets = targets;
    this.invoker = invoker;
    this.limits = limits;
    this.invalidations = invalidations;
    this.arrangement = arrangement;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /** All of a function, by qualifier. */
  public List<ProvisionedView> list(Caller caller, FunctionName name) {
    FunctionId function = target(caller, name, Qualifier.DRAFT).functionId();
    List<Usage.OfFunction> now = now(caller, name);
    return rows.provisioned(caller.tenant(), function).stream()
        .map(row -> view(caller, name, row, now))
        .toList();
  }

  /** That of one version or alias. */
  public ProvisionedView get(Caller caller, FunctionName name, Qualifier qualifier) {
    FunctionId function = target(caller, name, qualifier).functionId();
    return find(caller, function, qualifier)
        .map(row -> view(caller, name, row, now(caller, name)))
        .orElseThrow(() -> nothing(name, qualifier));
  }

  /** Keeps so many sandboxes ready from now on. */
  public ProvisionedView set(
      Caller caller,
      FunctionName name,
      Qualifier qualifier,
      int sandboxes,
      Precondition precondition) {
    requireVersion(qualifier);
    Target target = target(caller, name, qualifier);
    if (sandboxes < 1) {
      throw new InvalidValueException(
          "wanted",
          sandboxes,
          "wanted must be 1 or more, was " + sandboxes + "; DELETE keeps none ready");
    }
    transaction.executeWithoutResult(status -> {
      long revision = lock(caller, name, target.functionId(), qualifier, precondition);
      checkRoom(caller, target, qualifier, sandboxes);
      rows.save(
          caller.tenant(),
          target.functionId(),
          new ScalingRows.Provisioned(qualifier.toString(), sandboxes, edit(caller, revision + 1)));
      invalidations.publish(Arrangement.TOPIC, caller.tenant().toString());
    });
    arrangement.arrangeNow(caller.tenant());
    return get(caller, name, qualifier);
  }

  /** Keeps none ready any more. */
  public void clear(
      Caller caller, FunctionName name, Qualifier qualifier, Precondition precondition) {
    FunctionId function = target(caller, name, qualifier).functionId();
    transaction.executeWithoutResult(status -> {
      if (lock(caller, name, function, qualifier, precondition) == 0) {
        throw nothing(name, qualifier);
      }
      rows.deleteProvisioned(caller.tenant(), function, qualifier.toString());
      invalidations.publish(Arrangement.TOPIC, caller.tenant().toString());
    });
    arrangement.arrangeNow(caller.tenant());
  }

  /** What an alias had goes with it. The scheduler hears of it with the function's change. */
  @EventListener
  void deleted(AliasDeleted event) {
    rows.deleteProvisioned(event.tenant(), event.function(), event.alias().value());
  }

  private static void requireVersion(Qualifier qualifier) {
    if (qualifier instanceof Qualifier.Draft) {
      throw new InvalidValueException(
          "qualifier",
          Qualifier.LATEST,
          "sandboxes are kept ready for a version or an alias, not for the draft, which changes"
              + " with each save; publish it first");
    }
  }

  private Target target(Caller caller, FunctionName name, Qualifier qualifier) {
    caller.requireFull();
    return targets.resolve(caller.tenant(), caller.account(), name, qualifier);
  }

  private long lock(
      Caller caller,
      FunctionName name,
      FunctionId function,
      Qualifier qualifier,
      Precondition precondition) {
    rows.lockChanges();
    if (!rows.lockFunction(caller.tenant(), function)) {
      throw Missing.function(name);
    }
    ScalingRows.Edit last =
        find(caller, function, qualifier)
            .map(ScalingRows.Provisioned::edit)
            .orElseGet(() -> new ScalingRows.Edit(0, clock.instant(), "nobody"));
    precondition.check(
        "the provisioned concurrency of " + name + ":" + qualifier,
        last.revision(),
        last.at(),
        last.by());
    return last.revision();
  }

  private Optional<ScalingRows.Provisioned> find(
      Caller caller, FunctionId function, Qualifier qualifier) {
    return rows.provisioned(caller.tenant(), function).stream()
        .filter(row -> row.qualifier().equals(qualifier.toString()))
        .findFirst();
  }

  private void checkRoom(Caller caller, Target target, Qualifier qualifier, int sandboxes) {
    String name = qualifier.toString();
    int limit = invoker.usage(caller.account().value()).limit();
    int others = rows.provisionedBeside(caller.tenant(), target.functionId(), name);
    if (sandboxes > limit - others) {
      throw tooMany(
          sandboxes
              + " sandboxes cannot be kept ready: this workspace may run "
              + limit
              + " invocations at the same time, and "
              + others
              + " sandboxes are kept ready for other versions; at most "
              + Math.max(0, limit - others)
              + " more are of use.");
    }
    long share = (long) (limits.memoryBudgetMegabytes() * MEMORY_SHARE);
    long taken = rows.provisionedMegabytesBeside(caller.tenant(), target.functionId(), name);
    long wanted = memory(caller, target, qualifier, sandboxes);
    if (wanted > share - taken) {
      throw tooMany(
          sandboxes
              + " sandboxes with "
              + wanted
              + " MB in all cannot be kept ready: this installation gives "
              + share
              + " MB to sandboxes that are kept ready, and "
              + Math.max(0, share - taken)
              + " MB of it are free. Keep fewer, give the function less memory, or ask the operator"
              + " for more.");
    }
  }

  /** Of all versions that the qualifier leads to, in MB. */
  private long memory(Caller caller, Target target, Qualifier qualifier, int sandboxes) {
    long sum = 0;
    for (Map.Entry<SandboxSpec, Integer> part :
        targets
            .split(caller.tenant(), caller.account(), target.function(), qualifier, sandboxes)
            .entrySet()) {
      sum += (long) part.getValue() * part.getKey().memoryMegabytes();
    }
    return sum;
  }

  private static ProblemException tooMany(String detail) {
    return ProblemException.conflict("ProvisionedTooLarge", detail);
  }

  private static ProblemException nothing(FunctionName name, Qualifier qualifier) {
    return ProblemException.notFound(
        "ProvisionedConcurrencyNotFound",
        "Function " + name + " keeps no sandboxes ready for " + qualifier + ".");
  }

  private ScalingRows.Edit edit(Caller caller, long revision) {
    return new ScalingRows.Edit(
        revision, clock.instant().truncatedTo(ChronoUnit.MICROS), caller.actor().displayName());
  }

  /** What each version of a function has now. */
  private List<Usage.OfFunction> now(Caller caller, FunctionName name) {
    return invoker.usage(caller.account().value()).functions().stream()
        .filter(of -> of.function().equals(name.value()))
        .toList();
  }

  private ProvisionedView view(
      Caller caller, FunctionName name, ScalingRows.Provisioned row, List<Usage.OfFunction> now) {
    Map<SandboxSpec, Integer> split =
        targets.split(
            caller.tenant(),
            caller.account(),
            name,
            Qualifier.parse(row.qualifier()),
            row.sandboxes());
    int ready = 0;
    String failure = null;
    for (Map.Entry<SandboxSpec, Integer> part : split.entrySet()) {
      int warm = 0;
      for (Usage.OfFunction of : now) {
        if (of.version().equals(part.getKey().version())) {
          warm += of.idle() + of.busy();
          failure = of.provisionFailure() == null ? failure : of.provisionFailure();
        }
      }
      ready += Math.min(part.getValue(), warm);
    }
    boolean complete = ready == row.sandboxes();
    return new ProvisionedView(
        row.qualifier(),
        row.sandboxes(),
        ready,
        status(complete, failure),
        complete ? null : failure,
        row.edit().revision(),
        row.edit().at(),
        row.edit().by());
  }

  private static String status(boolean complete, @Nullable String failure) {
    if (complete) {
      return "ready";
    }
    return failure == null ? "preparing" : "failed";
  }
}
