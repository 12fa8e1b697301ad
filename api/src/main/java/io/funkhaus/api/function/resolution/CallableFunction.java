package io.funkhaus.api.function.resolution;

import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.AliasRouting;
import io.funkhaus.api.function.FunctionId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.VersionNumber;
import io.funkhaus.api.function.table.RunnableColumns;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function as calls need it. Draft and aliases are as they were when it was read; versions are
 * added when they are first called, which is safe because they never change.
 */
final class CallableFunction {
  private final AccountId account;
  private final Target draft;
  private final Map<AliasName, AliasRouting> aliases;
  private final Map<Called, Target> versions = new ConcurrentHashMap<>();

  private record Called(VersionNumber number, @Nullable AliasName alias) {}

  CallableFunction(
      AccountId account,
      FunctionId id,
      FunctionName name,
      RunnableColumns draft,
      Map<AliasName, AliasRouting> aliases) {
    this.account = account;
    this.draft =
        new Target(
            id,
            name,
            Qualifier.LATEST,
            null,
            FunctionTargets.spec(account, name, Qualifier.LATEST, draft),
            draft.configuration().run().onDisconnect());
    this.aliases = Map.copyOf(aliases);
  }

  FunctionId id() {
    return draft.functionId();
  }

  FunctionName name() {
    return draft.function();
  }

  Target draft() {
    return draft;
  }

  Optional<AliasRouting> routing(AliasName alias) {
    return Optional.ofNullable(aliases.get(alias));
  }

  Optional<Target> version(
      VersionNumber number,
      @Nullable AliasName alias,
      Function<VersionNumber, Optional<RunnableColumns>> read) {
    Called called = new Called(number, alias);
    Target known = versions.get(called);
    if (known != null) {
      return Optional.of(known);
    }
    return read.apply(number)
        .map(content ->
            versions.computeIfAbsent(
                called,
                missing ->
                    new Target(
                        id(),
                        name(),
                        number.toString(),
                        alias,
                        FunctionTargets.spec(account, name(), number.toString(), content),
                        content.configuration().run().onDisconnect())));
  }
}
