package io.funkhaus.api.function.table;

import io.funkhaus.api.function.configuration.EnvironmentVariables;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Environment variables as the JSON text that the tables keep; their order survives. */
public final class EnvironmentText {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<LinkedHashMap<String, String>> MAP = new TypeReference<>() {};

  private EnvironmentText() {}

  static String write(EnvironmentVariables environment) {
    return JSON.writeValueAsString(environment.values());
  }

  public static EnvironmentVariables read(String text) {
    Map<String, String> values = JSON.readValue(text, MAP);
    return new EnvironmentVariables(values);
  }
}
