package io.funkhaus.web;

import io.funkhaus.web.settings.LogFormat;
import io.funkhaus.web.settings.Settings;
import java.util.HashMap;
import java.util.Map;

/** The settings as Spring's and the modules' own properties; they win over every other source. */
final class SettingsProperties {
  private SettingsProperties() {}

  static Map<String, Object> of(Settings settings) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("server.address", settings.address().getHostAddress());
    properties.put("server.port", settings.port());
    properties.put("server.servlet.context-path", settings.publicUrl().getRawPath());
    properties.put("management.server.port", settings.managementPort());
    properties.put(
        "server.servlet.session.cookie.secure",
        "https".equalsIgnoreCase(settings.publicUrl().getScheme()));
    properties.put(
        "spring.lifecycle.timeout-per-shutdown-phase", settings.drain().toSeconds() + "s");
    properties.put("funkhaus.public-url", settings.publicUrl().toString());
    properties.put("funkhaus.data", settings.data().toString());
    properties.put("funkhaus.retention.invocations", settings.retention().invocations().toString());
    properties.put("funkhaus.retention.logs", settings.retention().logs().toString());
    properties.put("funkhaus.journal.limit", settings.retention().journalMegabytes() + "MB");
    properties.put("funkhaus.journal.force", settings.retention().journalForce().toString());
    if (settings.logFormat() == LogFormat.JSON) {
      properties.put("logging.structured.format.console", "logstash");
    }
    return properties;
  }
}
