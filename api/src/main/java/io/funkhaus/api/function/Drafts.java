package io.funkhaus.api.function;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.problem.ProblemException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Finds functions for the services of this package, locks them for changes, and tells the rest of
 * the platform when a draft has changed.
 */
@Component
class Drafts {
  private final FunctionRepository functions;
  private final VersionRepository versions;
  private final FunctionTargets targets;
  private final InstantSource clock;

  Drafts(
      FunctionRepository functions,
      VersionRepository versions,
      FunctionTargets targets,
      InstantSource clock) {
    this.functions = functions;
    this.versions = versions;
    this.targets = targets;
    this.clock = clock;
  }

  FunctionEntity find(TenantId tenant, FunctionName name) {
    return functions.find(tenant.value(), name.value()).orElseThrow(() -> missing(name));
  }

  /** Nobody else changes the function, its versions or its aliases until the transaction ends. */
  FunctionEntity findLocked(TenantId tenant, FunctionName name) {
    return functions.findLocked(tenant.value(), name.value()).orElseThrow(() -> missing(name));
  }

  VersionEntity version(FunctionEntity function, VersionNumber number) {
    return versions
        .findById(
            new VersionEntity.Id(
                function.tenant().value(), function.functionId().value(), number.value()))
        .orElseThrow(() -> FunctionTargets.noSuchVersion(function.name(), number));
  }

  Optional<VersionEntity> newestVersion(FunctionEntity function) {
    return function.latestVersion().map(number -> version(function, new VersionNumber(number)));
  }

  FunctionView view(FunctionEntity function) {
    boolean differs =
        newestVersion(function)
            .map(newest -> !newest.content().equals(function.draft()))
            .orElse(true);
    return FunctionView.of(function, differs);
  }

  /** Replaces a locked function's draft; from the commit on no call runs the old one. */
  FunctionView change(
      Caller caller, FunctionEntity function, RunnableColumns draft, String description) {
    RunnableColumns before = function.draft();
    function.change(draft, description, caller.actor().displayName(), now());
    FunctionEntity saved = functions.saveAndFlush(function);
    targets.changed(caller.tenant(), saved.name());
    if (!before.equals(draft)) {
      targets.retire(
          FunctionTargets.spec(caller.account(), saved.name(), Qualifier.LATEST, before),
          "the draft was changed");
    }
    return view(saved);
  }

  /** To the microsecond, as PostgreSQL keeps it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  static ProblemException missing(FunctionName name) {
    return FunctionTargets.noSuchFunction(name);
  }
}
