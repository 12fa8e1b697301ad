package io.funkhaus.api.function.resolution;

import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.AliasRouting;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.VersionNumber;
import io.funkhaus.api.function.table.AliasEntity;
import io.funkhaus.api.function.table.AliasRepository;
import io.funkhaus.api.function.table.FunctionEntity;
import io.funkhaus.api.function.table.FunctionRepository;
import io.funkhaus.api.function.table.RunnableColumns;
import io.funkhaus.api.function.table.VersionEntity;
import io.funkhaus.api.function.table.VersionRepository;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Reads what a call needs, in one transaction so that draft and aliases belong together. */
@Component
class TargetReader {
  private final FunctionRepository functions;
  private final VersionRepository versions;
  private final AliasRepository aliases;

  TargetReader(FunctionRepository functions, VersionRepository versions, AliasRepository aliases) {
    this.functions = functions;
    this.versions = versions;
    this.aliases = aliases;
  }

  @Transactional(readOnly = true)
  Optional<CallableFunction> function(TenantId tenant, AccountId account, FunctionName name) {
    return functions
        .find(tenant.value(), name.value())
        .map(function ->
            new CallableFunction(
                account, function.functionId(), name, function.draft(), routings(function)));
  }

  @Transactional(readOnly = true)
  Optional<RunnableColumns> version(
      TenantId tenant, CallableFunction function, VersionNumber number) {
    return versions
        .findById(new VersionEntity.Id(tenant.value(), function.id().value(), number.value()))
        .map(VersionEntity::content);
  }

  private Map<AliasName, AliasRouting> routings(FunctionEntity function) {
    Map<AliasName, AliasRouting> routings = new LinkedHashMap<>();
    for (AliasEntity alias :
        aliases.byName(function.tenant().value(), function.functionId().value())) {
      routings.put(alias.name(), alias.routing());
    }
    return routings;
  }
}
