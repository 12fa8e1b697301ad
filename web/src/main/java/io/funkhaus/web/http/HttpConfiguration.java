package io.funkhaus.web.http;

import io.funkhaus.api.problem.ProblemWriter;
import io.funkhaus.scheduler.dispatch.SandboxScheduler;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The web server of the console and the API; that of the operators' port is as Tomcat makes it. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration {
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> pollingConnections(
      SandboxScheduler scheduler) {
    return server -> {
      server.setProtocol(PollingProtocol.class.getName());
      server.addConnectorCustomizers(connector ->
          ((PollingProtocol) connector.getProtocolHandler()).poll(scheduler.polling()));
    };
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> earlyErrors(ProblemWriter problems) {
    return server ->
        server.addContextCustomizers(context ->
            context
                .getParent()
                .getPipeline()
                .addValve(new EarlyErrors(problems, context.getPath())));
  }
}
