package io.funkhaus.api.function.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.api.function.configuration.EnvironmentVariables;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTextTest {
  @Test
  void environment_variables_keep_their_order_and_hide_their_values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("ZULU", "secret-1");
    values.put("ALPHA", "secret-2");
    EnvironmentVariables environment = new EnvironmentVariables(values);

    EnvironmentVariables read = EnvironmentText.read(EnvironmentText.write(environment));

    assertThat(read.values().keySet()).containsExactly("ZULU", "ALPHA");
    assertThat(environment.toString()).contains("ZULU").doesNotContain("secret");
  }
}
