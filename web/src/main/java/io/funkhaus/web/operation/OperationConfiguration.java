package io.funkhaus.web.operation;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/** Health and metrics on the management port. */
@Configuration(proxyBeanMethods = false)
class OperationConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(OperationConfiguration.class);

  private final AtomicInteger managementPort = new AtomicInteger(-1);

  @EventListener
  void ready(ApplicationReadyEvent event) {
    Duration taken = event.getTimeTaken();
    LOG.info(
        "event=service_ready address={} port={} managementPort={} seconds={}",
        event.getApplicationContext().getEnvironment().getProperty("server.address"),
        event.getApplicationContext().getEnvironment().getProperty("local.server.port"),
        event.getApplicationContext().getEnvironment().getProperty("local.management.port"),
        taken == null ? "unknown" : taken.toMillis() / 1000.0);
  }

  /** Known when the server listens, because the setting may have asked for any free port. */
  @EventListener
  void listening(WebServerInitializedEvent event) {
    if ("management".equals(event.getApplicationContext().getServerNamespace())) {
      managementPort.set(event.getWebServer().getPort());
    }
  }

  /** The management port is bound to the loopback address: who can reach it may read it. */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  SecurityFilterChain managementFilterChain(HttpSecurity http) throws Exception {
    return http.securityMatcher(request -> request.getLocalPort() == managementPort.get())
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .csrf(AbstractHttpConfigurer::disable)
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .build();
  }
}
