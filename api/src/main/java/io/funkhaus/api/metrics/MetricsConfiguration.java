package io.funkhaus.api.metrics;

import io.funkhaus.api.recording.InvocationRecorder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Puts the parts of this package together. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

  @Bean
  Metrics metrics(JdbcTemplate database, InvocationRecorder recorder) {
    return new Metrics(database, recorder);
  }
}
