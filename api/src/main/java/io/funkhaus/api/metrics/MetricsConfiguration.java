package io.funkhaus.api.metrics;

import io.funkhaus.api.recording.InvocationRecorder;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the parts of this package together. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

  @Bean
  Metrics metrics(DataSource database, InvocationRecorder recorder) {
    return new Metrics(database, recorder);
  }
}
