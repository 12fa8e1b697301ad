package io.funkhaus.api.invocation;

import io.funkhaus.api.TestDatabase;
import io.funkhaus.api.bundle.BundleDirectory;
import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.Scope;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.caller.UserId;
import io.funkhaus.api.function.FixedLimits;
import io.funkhaus.api.function.configuration.PlatformLimits;
import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.RuntimeCatalog;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/**
 * Functions, invocations, recording and metrics on a real web server, a real database and a real
 * disk; only sandboxes are scripted. Who calls is said by the header {@code X-Test-Caller}: {@code
 * <tenant id>/full}, {@code /invoke} or {@code /user}.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EntityScan("io.funkhaus.api")
@EnableJpaRepositories("io.funkhaus.api.function")
@ComponentScan(
    basePackages = {
      "io.funkhaus.api.bundle",
      "io.funkhaus.api.caller",
      "io.funkhaus.api.function",
      "io.funkhaus.api.invalidation",
      "io.funkhaus.api.invocation",
      "io.funkhaus.api.metrics",
      "io.funkhaus.api.problem",
      "io.funkhaus.api.recording"
    },
    excludeFilters =
        @ComponentScan.Filter(
            type = FilterType.ANNOTATION,
            classes = SpringBootConfiguration.class))
class InvocationFixture {

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
    return new BundleDirectory(Files.createTempDirectory("bundles-"), 1L << 30);
  }

  @Bean
  PlatformLimits platformLimits() {
    return new FixedLimits(10_240);
  }

  @Bean
  RuntimeCatalog runtimeCatalog() {
    return new OneRuntime(new LanguageRuntime("nodejs22.x", Architecture.X86_64, "node"));
  }

  @Bean
  ScriptedInvoker invoker() {
    return new ScriptedInvoker();
  }

  @Bean
  Filter testCaller() {
    return (request, response, chain) -> {
      if (request instanceof HttpServletRequest http) {
        String header = http.getHeader("X-Test-Caller");
        if (header != null) {
          caller(header).attachTo(http);
        }
      }
      chain.doFilter(request, response);
    };
  }

  /** From {@code 7/full}. */
  static Caller caller(String text) {
    String[] parts = text.split("/", 2);
    long tenant = Long.parseLong(parts[0]);
    Actor actor =
        parts[1].equals("user")
            ? new Actor.User(new UserId(1), "ada@example.org")
            : new Actor.Key(new KeyId("abcdefabcdef"), "ci");
    return new Caller(
        new TenantId(tenant),
        new AccountId("%012d".formatted(tenant)),
        actor,
        parts[1].equals("invoke") ? Scope.INVOKE : Scope.FULL);
  }

  record OneRuntime(LanguageRuntime runtime) implements RuntimeCatalog {
    @Override
    public Optional<LanguageRuntime> find(String name, Architecture architecture) {
      return all().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    @Override
    public List<LanguageRuntime> all() {
      return List.of(runtime);
    }
  }

  static Path journalParent() throws IOException {
    return Files.createTempDirectory("funkhaus-data-");
  }
}
