package io.funkhaus.web;

import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The clock that everything is given which stores or shows a time. */
@Configuration(proxyBeanMethods = false)
class TimeConfiguration {

  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }
}
