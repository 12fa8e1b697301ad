package io.funkhaus.api.function.table;

import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Missing;
import io.funkhaus.api.function.VersionNumber;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds functions and versions for the services around them, and locks them for changes. */
@Component
public class FunctionRows {
  private final FunctionRepository functions;
  private final VersionRepository versions;
  private final InstantSource clock;

  FunctionRows(FunctionRepository functions, VersionRepository versions, InstantSource clock) {
    this.functions = functions;
    this.versions = versions;
    this.clock = clock;
  }

  public FunctionEntity find(TenantId tenant, FunctionName name) {
    return functions.find(tenant.value(), name.value()).orElseThrow(() -> Missing.function(name));
  }

  /** Nobody else changes the function, its versions or its aliases until the transaction ends. */
  public FunctionEntity findLocked(TenantId tenant, FunctionName name) {
    return functions
        .findLocked(tenant.value(), name.value())
        .orElseThrow(() -> Missing.function(name));
  }

  public VersionEntity version(FunctionEntity function, VersionNumber number) {
    return versions
        .findById(
            new VersionEntity.Id(
                function.tenant().value(), function.functionId().value(), number.value()))
        .orElseThrow(() -> Missing.version(function.name(), number));
  }

  public Optional<VersionEntity> newestVersion(FunctionEntity function) {
    return function.latestVersion().map(number -> version(function, new VersionNumber(number)));
  }

  /** The time of a change: to the microsecond, as PostgreSQL keeps it. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
