package io.funkhaus.api.scaling;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.FunctionId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.FunctionUndeleted;
import io.funkhaus.api.function.Missing;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.invalidation.Invalidations;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.scheduler.Invoker;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How many of a workspace's concurrent invocations a function may have, and how many are kept for
 * it. A change is in force when the call that makes it returns.
 */
@Service
public class FunctionConcurrency {
  private final ScalingRows rows;
  private final FunctionTargets targets;
  private final Invoker invoker;
  private final Invalidations invalidations;
  private final Arrangement arrangement;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  FunctionConcurrency(
      ScalingRows rows,
      FunctionTargets targets,
      Invoker invoker,
      Invalidations invalidations,
      Arrangement arrangement,
      PlatformTransactionManager transactions,
      InstantSource clock) {
    this.rows = rows;
    this.targets = targets;
    this.invoker = invoker;
    this.invalidations = invalidations;
    this.arrangement = arrangement;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /** What is set for a function, and what could be. */
  public ConcurrencyView get(Caller caller, FunctionName name) {
    FunctionId function = function(caller, name);
    return view(caller, function, rows.concurrency(caller.tenant(), function));
  }

  /**
   * Sets both.
   *
   * @param maximum null for no limit of its own; 0 pauses the function
   * @param reserved 0 for none
   */
  public ConcurrencyView set(
      Caller caller,
      FunctionName name,
      @Nullable Integer maximum,
      int reserved,
      Precondition precondition) {
    FunctionId function = function(caller, name);
    checkRange(caller, maximum, reserved);
    transaction.executeWithoutResult(status -> {
      long revision = lock(caller, name, function, precondition);
      checkRoom(caller.tenant(), shares(caller), name, function, reserved);
      rows.save(
          caller.tenant(),
          function,
          new ScalingRows.Concurrency(maximum, reserved, edit(caller, revision + 1)));
      invalidations.publish(Arrangement.TOPIC, caller.tenant().toString());
    });
    arrangement.arrangeNow(caller.tenant());
    return get(caller, name);
  }

  /** Back to no settings. */
  public void clear(Caller caller, FunctionName name, Precondition precondition) {
    FunctionId function = function(caller, name);
    transaction.executeWithoutResult(status -> {
      lock(caller, name, function, precondition);
      rows.deleteConcurrency(caller.tenant(), function);
      invalidations.publish(Arrangement.TOPIC, caller.tenant().toString());
    });
    arrangement.arrangeNow(caller.tenant());
  }

  /** What a function had reserved before it was deleted may have been reserved by others since. */
  @EventListener
  void undeleted(FunctionUndeleted event) {
    rows.lockChanges();
    rows.concurrency(event.caller().tenant(), event.id())
        .ifPresent(row ->
            checkRoom(
                event.caller().tenant(),
                shares(event.caller()),
                event.name(),
                event.id(),
                row.reserved()));
    invalidations.publish(Arrangement.TOPIC, event.caller().tenant().toString());
  }

  private FunctionId function(Caller caller, FunctionName name) {
    caller.requireFull();
    return targets.resolve(caller.tenant(), caller.account(), name, Qualifier.DRAFT).functionId();
  }

  private long lock(
      Caller caller, FunctionName name, FunctionId function, Precondition precondition) {
    rows.lockChanges();
    if (!rows.lockFunction(caller.tenant(), function)) {
      throw Missing.function(name);
    }
    ScalingRows.Edit last =
        rows.concurrency(caller.tenant(), function)
            .map(ScalingRows.Concurrency::edit)
            .orElseGet(() -> new ScalingRows.Edit(0, clock.instant(), "nobody"));
    precondition.check("the concurrency of " + name, last.revision(), last.at(), last.by());
    return last.revision();
  }

  private void checkRange(Caller caller, @Nullable Integer maximum, int reserved) {
    int limit = shares(caller).limit();
    if (maximum != null && (maximum < 0 || maximum > limit)) {
      throw new InvalidValueException(
          "maximumConcurrency",
          maximum,
          "maximumConcurrency must be 0 to "
              + limit
              + ", what this workspace may run at the same time, or null for no limit of its own, was "
              + maximum);
    }
    if (reserved < 0) {
      throw new InvalidValueException(
          "reservedConcurrency",
          reserved,
          "reservedConcurrency must be 0 or more, was " + reserved);
    }
    if (maximum != null && reserved > maximum) {
      throw new InvalidValueException(
          "reservedConcurrency",
          reserved,
          "reservedConcurrency must be at most maximumConcurrency "
              + maximum
              + ", was "
              + reserved
              + ": what is reserved beyond it could not be used");
    }
  }

  private void checkRoom(
      TenantId tenant, Shares shares, FunctionName name, FunctionId function, int reserved) {
    int others = rows.reservedByOthers(tenant, function);
    int room = shares.reservable(others);
    if (reserved <= room) {
      return;
    }
    throw ProblemException.conflict(
            "ReservationTooLarge",
            name
                + " would reserve "
                + reserved
                + " of the "
                + shares.limit()
                + " invocations this workspace may run at the same time; other functions reserve "
                + others
                + ", and "
                + shares.shared()
                + " stays for functions without a reservation: at most "
                + room
                + " can be reserved here. Lower another function's reservation, or ask the operator for a higher"
                + " limit.")
        .with("reservable", room);
  }

  private Shares shares(Caller caller) {
    return new Shares(invoker.usage(caller.account().value()).limit());
  }

  private ScalingRows.Edit edit(Caller caller, long revision) {
    return new ScalingRows.Edit(
        revision, clock.instant().truncatedTo(ChronoUnit.MICROS), caller.actor().displayName());
  }

  private ConcurrencyView view(
      Caller caller, FunctionId function, Optional<ScalingRows.Concurrency> row) {
    Shares shares = shares(caller);
    return new ConcurrencyView(
        row.map(ScalingRows.Concurrency::maximum).orElse(null),
        row.map(ScalingRows.Concurrency::reserved).orElse(0),
        shares.limit(),
        shares.reservable(rows.reservedByOthers(caller.tenant(), function)),
        row.map(found -> found.edit().revision()).orElse(0L),
        row.map(found -> found.edit().at()).orElse(null),
        row.map(found -> found.edit().by()).orElse(null));
  }
}
