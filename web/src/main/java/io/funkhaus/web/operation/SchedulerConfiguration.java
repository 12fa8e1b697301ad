package io.funkhaus.web.operation;

import io.funkhaus.scheduler.CodeStore;
import io.funkhaus.scheduler.RuntimeCatalog;
import io.funkhaus.scheduler.dispatch.SandboxScheduler;
import io.funkhaus.scheduler.dispatch.SchedulerSettings;
import io.funkhaus.scheduler.dispatch.policy.Limits;
import io.funkhaus.scheduler.stem.StemSettings;
import io.funkhaus.web.settings.Settings;
import io.funkhaus.web.startup.DataDirectory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the scheduler together from the settings, and ties it to the life of the service. */
@Configuration(proxyBeanMethods = false)
class SchedulerConfiguration {

  /** Under many cold starts, so many times the usual stock, and so many when there is time. */
  private static final int MOST_STEMS = 5;

  private static final int MOST_STEMS_AT_LEISURE = 12;

  /** Of the memory for sandboxes, what stems may have that are only remembered. */
  private static final int LEISURE_PART = 8;

  @Bean
  RuntimeCatalog runtimeCatalog(SandboxHost host) {
    return host.runtimes();
  }

  /** {@link SchedulerLifecycle} closes it: before the recorder, not with the other beans. */
  @Bean(destroyMethod = "")
  SandboxScheduler sandboxScheduler(
      Settings settings, DataDirectory data, SandboxHost host, CodeStore code) {
    String instance = settings.instance().isEmpty() ? data.instance() : settings.instance();
    Settings.Capacity capacity = settings.capacity();
    Limits limits = limits(capacity);
    return new SandboxScheduler(
        SchedulerSettings.of(instance, data.path(), limits.memoryBudgetBytes())
            .with(limits)
            .with(stems(capacity)),
        host.engine(),
        host.runtimes(),
        code);
  }

  /** Nothing of it is decided here: whoever is refused is told that the operator can raise it. */
  static Limits limits(Settings.Capacity capacity) {
    return new Limits(
        (long) capacity.memoryMegabytes() << 20,
        capacity.parallelStarts(),
        capacity.tenantConcurrency(),
        capacity.functionConcurrency(),
        capacity.queue().perTenant(),
        capacity.queue().total(),
        capacity.queue().longestWait());
  }

  private static StemSettings stems(Settings.Capacity capacity) {
    int each = StemSettings.DEFAULT.memoryMegabytes();
    int room = capacity.memoryMegabytes() / LEISURE_PART / each;
    return StemSettings.DEFAULT.with(
        capacity.stems(),
        MOST_STEMS * capacity.stems(),
        Math.min(room, MOST_STEMS_AT_LEISURE * capacity.stems()));
  }

  @Bean
  SchedulerLifecycle schedulerLifecycle(SandboxScheduler scheduler) {
    return new SchedulerLifecycle(scheduler);
  }

  @Bean
  LastAnswers lastAnswers(SchedulerLifecycle scheduler, ApplicationContext context) {
    return new LastAnswers(scheduler, context);
  }
}
