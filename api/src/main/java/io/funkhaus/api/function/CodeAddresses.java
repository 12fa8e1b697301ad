package io.funkhaus.api.function;

import io.funkhaus.api.bundle.BundleAddress;
import io.funkhaus.api.caller.Caller;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Which bundle a qualifier means. An alias means the code of its first version. */
@Component
class CodeAddresses {
  private final Drafts drafts;
  private final AliasRepository aliases;

  CodeAddresses(Drafts drafts, AliasRepository aliases) {
    this.drafts = drafts;
    this.aliases = aliases;
  }

  @Transactional(readOnly = true)
  BundleAddress of(Caller caller, FunctionName name, Qualifier qualifier) {
    caller.requireFull();
    FunctionEntity function = drafts.find(caller.tenant(), name);
    return switch (qualifier) {
      case Qualifier.Draft() -> function.draft().code();
      case Qualifier.Numbered(VersionNumber number) ->
          drafts.version(function, number).content().code();
      case Qualifier.Named(AliasName alias) ->
          drafts.version(function, routing(function, alias).version()).content().code();
    };
  }

  private AliasRouting routing(FunctionEntity function, AliasName alias) {
    AliasEntity.Id id =
        new AliasEntity.Id(function.tenant().value(), function.functionId().value(), alias.value());
    return aliases
        .findById(id)
        .orElseThrow(() -> FunctionTargets.noSuchAlias(function.name(), alias))
        .routing();
  }
}
