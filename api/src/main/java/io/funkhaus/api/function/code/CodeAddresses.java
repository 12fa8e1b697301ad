package io.funkhaus.api.function.code;

import io.funkhaus.api.bundle.BundleAddress;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.AliasRouting;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Missing;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.VersionNumber;
import io.funkhaus.api.function.table.AliasEntity;
import io.funkhaus.api.function.table.AliasRepository;
import io.funkhaus.api.function.table.FunctionEntity;
import io.funkhaus.api.function.table.FunctionRows;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Which bundle a qualifier means. An alias means the code of its first version. */
@Component
class CodeAddresses {
  private final FunctionRows rows;
  private final AliasRepository aliases;

  CodeAddresses(FunctionRows rows, AliasRepository aliases) {
    this.rows = rows;
    this.aliases = aliases;
  }

  @Transactional(readOnly = true)
  BundleAddress of(Caller caller, FunctionName name, Qualifier qualifier) {
    caller.requireFull();
    FunctionEntity function = rows.find(caller.tenant(), name);
    return switch (qualifier) {
      case Qualifier.Draft() -> function.draft().code();
      case Qualifier.Numbered(VersionNumber number) ->
          rows.version(function, number).content().code();
      case Qualifier.Named(AliasName alias) ->
          rows.version(function, routing(function, alias).version()).content().code();
    };
  }

  private AliasRouting routing(FunctionEntity function, AliasName alias) {
    AliasEntity.Id id =
        new AliasEntity.Id(function.tenant().value(), function.functionId().value(), alias.value());
    return aliases.findById(id).orElseThrow(() -> Missing.alias(function.name(), alias)).routing();
  }
}
