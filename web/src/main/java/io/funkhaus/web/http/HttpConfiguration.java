package io.funkhaus.web.http;

import io.funkhaus.scheduler.dispatch.SandboxScheduler;
import io.funkhaus.scheduler.polling.BusyPolling;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The web server of the console and the API; that of the operators' port is as Tomcat makes it. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration {
  /** Bytes; longer bodies are read past this buffer, and each connection has one. */
  private static final String READ_BUFFER = "2048";

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> pollingConnections(
      SandboxScheduler scheduler) {
    return server -> {
      server.setProtocol(PollingProtocol.class.getName());
      server.addConnectorCustomizers(connector -> prepare(connector, scheduler.polling()));
    };
  }

  private static void prepare(Connector connector, BusyPolling polling) {
    connector.setProperty("socket.appReadBufSize", READ_BUFFER);
    ((PollingProtocol) connector.getProtocolHandler()).poll(polling);
  }
}
