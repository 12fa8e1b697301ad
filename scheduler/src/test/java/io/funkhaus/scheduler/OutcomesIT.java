package io.funkhaus.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every ending of an invocation, on the production path and real containers. */
class OutcomesIT {
  private static SchedulerFixture platform;

  @BeforeAll
  static void start() {
    platform = SchedulerFixture.start();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void a_node_function_returns_its_result() {
    SandboxSpec hello =
        platform.node("exports.handler = async (event) => `Hello, ${event.name}!`").spec();

    assertThat(result(platform.invoke(hello, "{\"name\":\"Alice\"}")))
        .isEqualTo("\"Hello, Alice!\"");
  }

  static String result(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    return new String(((Outcome.Succeeded) outcome).result(), StandardCharsets.UTF_8);
  }
}
