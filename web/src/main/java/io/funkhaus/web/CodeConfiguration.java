package io.funkhaus.web;

import io.funkhaus.api.bundle.BundleDirectory;
import io.funkhaus.api.function.configuration.PlatformLimits;
import io.funkhaus.web.operation.HostLimits;
import io.funkhaus.web.operation.SandboxHost;
import io.funkhaus.web.settings.Settings;
import io.funkhaus.web.startup.DataDirectory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where extracted code lies, and how much a function may ask for. */
@Configuration(proxyBeanMethods = false)
class CodeConfiguration {
  private static final long EXTRACTED_BYTES = 10L * 1024 * 1024 * 1024;

  @Bean
  BundleDirectory bundleDirectory(DataDirectory data) {
    return new BundleDirectory(data.path().resolve("bundles"), EXTRACTED_BYTES);
  }

  @Bean
  PlatformLimits platformLimits(Settings settings, SandboxHost host) {
    return new HostLimits(settings.capacity().memoryMegabytes(), host.watched());
  }
}
