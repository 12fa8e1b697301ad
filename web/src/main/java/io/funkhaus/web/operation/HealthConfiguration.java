package io.funkhaus.web.operation;

import io.funkhaus.api.recording.InvocationRecorder;
import io.funkhaus.api.recording.RecorderStatus;
import io.funkhaus.scheduler.engine.EngineException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What readiness asks beside the database: can sandboxes be started, can invocations be recorded.
 * The names of the beans are the names in {@code application.yaml} and in the answer.
 */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

  /** When the engine is gone warm sandboxes go on serving, but nothing new can start. */
  @Bean
  HealthIndicator engine(SandboxHost host) {
    return () -> {
      try {
        return Health.up().withDetail("engine", host.watched().ping().toString()).build();
      } catch (EngineException failed) {
        return Health.down().withDetail("reason", String.valueOf(failed.getMessage())).build();
      }
    };
  }

  @Bean
  HealthIndicator journal(InvocationRecorder recorder) {
    return () -> {
      RecorderStatus status = recorder.status();
      Health.Builder health =
          status
              .refusal()
              .map(refusal -> Health.down().withDetail("reason", refusal))
              .orElseGet(Health::up);
      status.databaseFailure().ifPresent(failure -> health.withDetail("database", failure));
      return health
          .withDetail("bytes", status.journalBytes())
          .withDetail("limitBytes", status.journalLimitBytes())
          .withDetail("waitingRecords", status.waitingRecords())
          .build();
    };
  }
}
