package io.funkhaus.web.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The names of the built style sheet and script, which carry a hash of their content. Templates
 * link to them through {@link Page}.
 *
 * @param script file name below {@code /assets/}
 * @param styles file names below {@code /assets/}
 */
record Assets(String script, List<String> styles) {

  private static final Logger LOG = LoggerFactory.getLogger(Assets.class);
  private static final String MANIFEST = "static/assets/manifest.json";
  private static final String ENTRY = "src/main.ts";

  /** Reads what Vite wrote. A build with {@code -Dskip.frontend} has none, and pages come bare. */
  static Assets ofClassPath() {
    ClassPathResource manifest = new ClassPathResource(MANIFEST);
    if (!manifest.exists()) {
      LOG.warn(
          "event=console_without_assets missing={} remedy=\"build without -Dskip.frontend\"",
          MANIFEST);
      return new Assets("missing.js", List.of());
    }
    try (InputStream in = manifest.getInputStream()) {
      JsonNode entry = new JsonMapper().readTree(in).path(ENTRY);
      return new Assets(
          entry.path("file").asString(),
          entry.path("css").valueStream().map(JsonNode::asString).toList());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + MANIFEST + " from the class path", e);
    }
  }
}
