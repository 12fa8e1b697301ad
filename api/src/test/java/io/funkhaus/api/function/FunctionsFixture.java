package io.funkhaus.api.function;

import io.funkhaus.api.TestDatabase;
import io.funkhaus.api.bundle.Bundle;
import io.funkhaus.api.bundle.BundleDirectory;
import io.funkhaus.api.bundle.BundleFile;
import io.funkhaus.api.bundle.FilePath;
import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.Scope;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.configuration.PlatformLimits;
import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.Forecast;
import io.funkhaus.scheduler.FunctionScaling;
import io.funkhaus.scheduler.Invocation;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.RuntimeCatalog;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.Usage;
import io.funkhaus.scheduler.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The packages around functions on a real database and a real disk; sandboxes, which they only tell
 * what to forget, are written down instead.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EntityScan("io.funkhaus.api")
@EnableJpaRepositories("io.funkhaus.api.function")
@ComponentScan({
  "io.funkhaus.api.function",
  "io.funkhaus.api.bundle",
  "io.funkhaus.api.caller",
  "io.funkhaus.api.problem",
  "io.funkhaus.api.invalidation",
  "io.funkhaus.api.scaling"
})
public class FunctionsFixture {
  private static final AtomicLong ACCOUNTS = new AtomicLong(100_000_000_000L);

  @Bean
  DataSource dataSource() {
    com.zaxxer.hikari.HikariDataSource pool = new com.zaxxer.hikari.HikariDataSource();
    pool.setJdbcUrl(TestDatabase.newUrl());
    pool.setMaximumPoolSize(10);
    return pool;
  }

  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }

  @Bean
  BundleDirectory bundleDirectory() throws IOException {
    Path root = Files.createTempDirectory("bundles-");
    return new BundleDirectory(root, 1024L * 1024 * 1024);
  }

  @Bean
  PlatformLimits platformLimits() {
    return new FixedLimits(4096);
  }

  @Bean
  RuntimeCatalog runtimeCatalog() {
    return new Catalog(
        List.of(
            new LanguageRuntime("nodejs22.x", Architecture.X86_64, "node"),
            new LanguageRuntime("python3.11", Architecture.X86_64, "python")));
  }

  @Bean
  RetiringInvoker invoker() {
    return new RetiringInvoker();
  }

  /** Runtimes of a list. */
  record Catalog(List<LanguageRuntime> all) implements RuntimeCatalog {
    @Override
    public Optional<LanguageRuntime> find(String name, Architecture architecture) {
      return all.stream()
          .filter(runtime -> runtime.name().equals(name))
          .filter(runtime -> runtime.architecture() == architecture)
          .findFirst();
    }
  }

  /** Remembers what it was told to retire and to arrange. */
  public static final class RetiringInvoker implements Invoker, Forecast {
    private final Map<String, Integer> forecast = new ConcurrentHashMap<>();

    final List<SandboxSpec> retired = new CopyOnWriteArrayList<>();

    /** By tenant, what it was told last. */
    public final Map<String, List<FunctionScaling>> arranged = new ConcurrentHashMap<>();

    @Override
    public Outcome invoke(SandboxSpec spec, Invocation invocation) {
      throw new UnsupportedOperationException("nothing is invoked here");
    }

    /** First calls it was told to expect of a kind: runtime/architecture/isolation. */
    public int expected(String kind) {
      return forecast.getOrDefault(kind, 0);
    }

    @Override
    public void retire(SandboxSpec spec, String reason) {
      retired.add(spec);
    }

    @Override
    public Optional<Waiting> waiting(UUID requestId) {
      return Optional.empty();
    }

    @Override
    public void arrange(String tenant, List<FunctionScaling> functions) {
      arranged.put(tenant, functions);
    }

    @Override
    public void firstCalls(
        String runtime, Architecture architecture, Isolation isolation, int count) {
      forecast.merge(runtime + "/" + architecture + "/" + isolation, count, Integer::sum);
    }

    @Override
    public Usage usage(String tenant) {
      return new Usage(0, 0, 10, List.of());
    }
  }

  /** A caller with a tenant of its own. */
  public static Caller newTenant(JdbcClient jdbc) {
    AccountId account = new AccountId(Long.toString(ACCOUNTS.incrementAndGet()));
    long id =
        jdbc.sql(
                "INSERT INTO tenants (account_id, name, created_at) VALUES (?, ?, now()) RETURNING id")
            .params(account.value(), "tenant of " + account)
            .query(Long.class)
            .single();
    return new Caller(
        new TenantId(id),
        account,
        new Actor.Key(new KeyId("abcdefabcdef"), "test key"),
        Scope.FULL);
  }

  public static Bundle code(Map<String, String> files) {
    return Bundle.of(
        files.entrySet().stream()
            .map(file ->
                BundleFile.of(
                    new FilePath(file.getKey()),
                    false,
                    file.getValue().getBytes(StandardCharsets.UTF_8)))
            .toList());
  }
}
