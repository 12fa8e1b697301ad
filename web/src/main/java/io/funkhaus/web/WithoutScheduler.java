package io.funkhaus.web;

import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.Invocation;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.Outcome;
import io.funkhaus.scheduler.Refusal;
import io.funkhaus.scheduler.RuntimeCatalog;
import io.funkhaus.scheduler.SandboxSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/** A service without sandboxes: no runtime is available, and every invocation is refused. */
@Configuration(proxyBeanMethods = false)
class WithoutScheduler {

  @Bean
  @Fallback
  Invoker refusingInvoker() {
    return new Refusing();
  }

  @Bean
  @Fallback
  RuntimeCatalog noRuntimes() {
    return new NoRuntimes();
  }

  private static final class Refusing implements Invoker {
    @Override
    public Outcome invoke(SandboxSpec spec, Invocation invocation) {
      return new Outcome.Refused(
          new Refusal(
              Refusal.Limit.ENGINE_UNAVAILABLE,
              "This service runs without a container engine, so it cannot run functions.",
              Duration.ofMinutes(1)));
    }

    @Override
    public void retire(SandboxSpec spec, String reason) {}
  }

  private static final class NoRuntimes implements RuntimeCatalog {
    @Override
    public Optional<LanguageRuntime> find(String name, Architecture architecture) {
      return Optional.empty();
    }

    @Override
    public List<LanguageRuntime> all() {
      return List.of();
    }
  }
}
