package io.funkhaus.api.function.resolution;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.AliasRouting;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Missing;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.VersionNumber;
import io.funkhaus.api.function.configuration.FunctionConfiguration;
import io.funkhaus.api.function.table.RunnableColumns;
import io.funkhaus.api.invalidation.Cached;
import io.funkhaus.api.invalidation.Invalidations;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.SandboxSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * From a name and a qualifier to what a sandbox is made of: on the path of each invocation, from
 * memory when the function was called before.
 *
 * <p>What must not be broken: a change that was committed is seen by every later call of this
 * service, and the cache is not trusted while the line to the database is down.
 */
@Service
public class FunctionTargets {
  /** The topic of changed functions; the id is {@code tenant/name}. */
  public static final String TOPIC = "function";

  private static final Duration LONGEST_IN_MEMORY = Duration.ofMinutes(10);
  private static final int MOST_IN_MEMORY = 20_000;

  private final TargetReader reader;
  private final Invalidations invalidations;
  private final Invoker invoker;
  private final Cache<Key, @Nullable CallableFunction> known =
      Caffeine.newBuilder().maximumSize(MOST_IN_MEMORY).expireAfterWrite(LONGEST_IN_MEMORY).build();

  private record Key(TenantId tenant, FunctionName function) {}

  FunctionTargets(TargetReader reader, Invalidations invalidations, Invoker invoker) {
    this.reader = reader;
    this.invalidations = invalidations;
    this.invoker = invoker;
    invalidations.register(
        TOPIC,
        new Cached() {
          @Override
          public void forget(String id) {
            int slash = id.indexOf('/');
            known.invalidate(
                new Key(
                    new TenantId(Long.parseLong(id.substring(0, slash))),
                    new FunctionName(id.substring(slash + 1))));
          }

          @Override
          public void forgetAll() {
            known.invalidateAll();
          }
        });
  }

  /**
   * What a call runs.
   *
   * @throws ProblemException 404 that says whether the function, the version or the alias is
   *     missing
   */
  public Target resolve(
      TenantId tenant, AccountId account, FunctionName name, Qualifier qualifier) {
    CallableFunction function = function(tenant, account, name);
    return switch (qualifier) {
      case Qualifier.Draft() -> function.draft();
      case Qualifier.Numbered(VersionNumber number) -> version(tenant, function, number, null);
      case Qualifier.Named(AliasName alias) -> {
        AliasRouting routing =
            function.routing(alias).orElseThrow(() -> Missing.alias(name, alias));
        double random = routing.additional() == null ? 0 : ThreadLocalRandom.current().nextDouble();
        yield version(tenant, function, routing.pick(random), alias);
      }
    };
  }

  /**
   * Shares a number out among the versions that calls by this qualifier run: one, or two where an
   * alias splits.
   *
   * @throws ProblemException 404 as for {@link #resolve}
   */
  public Map<SandboxSpec, Integer> split(
      TenantId tenant, AccountId account, FunctionName name, Qualifier qualifier, int count) {
    if (!(qualifier instanceof Qualifier.Named(AliasName alias))) {
      return Map.of(resolve(tenant, account, name, qualifier).spec(), count);
    }
    CallableFunction function = function(tenant, account, name);
    AliasRouting routing = function.routing(alias).orElseThrow(() -> Missing.alias(name, alias));
    AliasRouting.Share additional = routing.additional();
    int second = additional == null ? 0 : (int) Math.round(count * additional.weight());
    Map<SandboxSpec, Integer> split = new HashMap<>();
    if (count > second) {
      split.put(version(tenant, function, routing.version(), alias).spec(), count - second);
    }
    if (additional != null && second > 0) {
      split.put(version(tenant, function, additional.version(), alias).spec(), second);
    }
    return split;
  }

  private Target version(
      TenantId tenant, CallableFunction function, VersionNumber number, @Nullable AliasName alias) {
    Optional<Target> target =
        function.version(number, alias, missing -> reader.version(tenant, function, missing));
    return target.orElseThrow(() -> Missing.version(function.name(), number));
  }

  private CallableFunction function(TenantId tenant, AccountId account, FunctionName name) {
    CallableFunction found;
    if (invalidations.live()) {
      Key key = new Key(tenant, name);
      found = known.getIfPresent(key);
      if (found == null) {
        // Reads under the entry's lock: an invalidation waits, and then removes what was read.
        found = known.get(key, missing -> reader.function(tenant, account, name).orElse(null));
      }
    } else {
      found = reader.function(tenant, account, name).orElse(null);
    }
    if (found == null) {
      throw Missing.function(name);
    }
    return found;
  }

  /** Tells all services, when the running transaction commits, to read the function anew. */
  public void changed(TenantId tenant, FunctionName name) {
    invalidations.publish(TOPIC, tenant + "/" + name);
  }

  /**
   * Destroys the sandboxes of what no call can reach any more, when the running transaction has
   * committed. Call it after {@link #changed}: nothing may resolve to it again.
   */
  public void retire(SandboxSpec spec, String reason) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            invoker.retire(spec, reason);
          }
        });
  }

  /** The sandboxes that run one version of a function, or its draft. */
  public static SandboxSpec spec(
      AccountId account, FunctionName name, String version, RunnableColumns content) {
    FunctionConfiguration configuration = content.configuration();
    return new SandboxSpec(
        account.value(),
        name.value(),
        version,
        configuration.runtime().value(),
        configuration.architecture(),
        content.codeSha256(),
        configuration.handler().value(),
        configuration.memory().megabytes(),
        configuration.timeout().duration(),
        configuration.run().isolation(),
        configuration.run().sandboxConcurrency().invocations(),
        configuration.environment().values());
  }
}
