package io.funkhaus.scheduler.engine;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.List;
import java.util.Map;

/**
 * Who answers: for the log and for operators.
 *
 * @param runtimes what makes containers there, by name, with the arguments that the operator has
 *     given it
 */
public record EngineInfo(String name, String version, Map<String, List<String>> runtimes) {
  public EngineInfo {
    runtimes =
        runtimes.entrySet().stream()
            .collect(toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
  }

  @Override
  public String toString() {
    return name + " " + version;
  }
}
