package io.funkhaus.api.invocation;

import io.funkhaus.api.recording.InvocationRecorder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Puts the parts of this package together. */
@Configuration(proxyBeanMethods = false)
class InvocationConfiguration {

  @Bean
  Invocations invocations(JdbcTemplate database, InvocationRecorder recorder) {
    return new Invocations(database, recorder);
  }
}
