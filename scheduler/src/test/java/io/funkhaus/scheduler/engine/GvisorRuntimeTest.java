package io.funkhaus.scheduler.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GvisorRuntimeTest {
  @Test
  void a_runtime_with_the_right_arguments_is_taken() {
    assertThat(missing("--platform=ptrace", "--network=none", "--host-uds=open")).isEmpty();
    assertThat(missing("--network=none", "--fsgofer-host-uds")).isEmpty();
  }

  @Test
  void without_it_there_is_no_such_isolation() {
    EngineInfo engine = new EngineInfo("docker", "1", Map.of("runc", List.of()));

    assertThat(GvisorRuntime.missing(engine)).contains("the container engine has no runtime runsc");
  }

  @Test
  void one_that_limits_nothing_is_refused() {
    assertThat(missing("--network=none", "--host-uds=open", "--ignore-cgroups"))
        .contains("--ignore-cgroups")
        .contains("memory");
  }

  @Test
  void one_that_opens_no_socket_is_refused() {
    assertThat(missing("--network=none")).contains("--host-uds=open");
    assertThat(missing("--network=none", "--host-uds=none")).contains("--host-uds=open");
  }

  @Test
  void one_with_a_network_is_refused() {
    assertThat(missing("--host-uds=open")).contains("--network=none");
    assertThat(missing("--host-uds=open", "--network=host")).contains("--network=none");
  }

  private static String missing(String... arguments) {
    return GvisorRuntime.missing(
            new EngineInfo("docker", "1", Map.of(GvisorRuntime.NAME, List.of(arguments))))
        .orElse("");
  }
}
