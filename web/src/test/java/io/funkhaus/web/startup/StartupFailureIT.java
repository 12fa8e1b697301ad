package io.funkhaus.web.startup;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each start that cannot succeed ends with exactly one sentence that has the way out. */
class StartupFailureIT {
  private Map<String, String> variables = Map.of();
  private Path data = Path.of("/");

  @BeforeEach
  void freshVariables() {
    variables = ServiceProcess.variables();
    data = Path.of(variables.get("FUNKHAUS_DATA"));
  }

  @AfterEach
  void deleteData() {
    RunningService.deleteTree(data);
  }

  @Test
  void a_port_that_is_taken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      variables.put("FUNKHAUS_PORT", String.valueOf(taken.getLocalPort()));

      assertFails("Port " + taken.getLocalPort(), "FUNKHAUS_PORT");
    }
  }

  @Test
  void a_management_port_that_is_taken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      variables.put("FUNKHAUS_MANAGEMENT_PORT", String.valueOf(taken.getLocalPort()));

      assertFails("Port " + taken.getLocalPort(), "FUNKHAUS_MANAGEMENT_PORT");
    }
  }

  @Test
  void a_database_that_nobody_serves() {
    int port = ServiceProcess.freePort();
    variables.put("FUNKHAUS_DATABASE_URL", "postgresql://ada:canary@127.0.0.1:" + port + "/f");

    assertFails("127.0.0.1:" + port, "FUNKHAUS_DATABASE_URL");
  }

  @Test
  void an_engine_that_does_not_answer() {
    variables.put("DOCKER_HOST", "unix://" + data.resolve("no.sock"));

    assertFails("no.sock", "DOCKER_HOST");
  }

  @Test
  void sandbox_images_that_are_missing() {
    variables.put("FUNKHAUS_IMAGE_TAG", "never-built");

    assertFails("never-built", "./funkhaus up");
  }

  @Test
  void a_data_directory_that_is_a_file() throws IOException {
    Path file = data.resolve("file");
    Files.createFile(file);
    variables.put("FUNKHAUS_DATA", file.toString());

    assertFails(file.toString(), "FUNKHAUS_DATA");
  }

  @Test
  void a_data_directory_with_too_long_a_path() {
    variables.put("FUNKHAUS_DATA", "/tmp/" + "a".repeat(60));

    assertFails("FUNKHAUS_DATA", "60 bytes");
  }

  @Test
  void a_data_directory_that_another_service_uses() {
    try (DataDirectory held = DataDirectory.open(data)) {
      assertFails(held.path().toString(), String.valueOf(ProcessHandle.current().pid()));
    }
  }

  @Test
  void a_variable_that_does_not_exist() {
    variables.put("FUNKHAUS_DATABASEURL", "postgresql://ada:canary@db/f");

    assertFails("FUNKHAUS_DATABASEURL", "FUNKHAUS_DATABASE_URL");
  }

  private void assertFails(String what, String wayOut) {
    try (ServiceProcess service = ServiceProcess.launch(variables)) {
      assertThat(service.exitStatus(Duration.ofSeconds(60))).isEqualTo(1);
      assertThat(service.errors())
          .singleElement()
          .asString()
          .contains(what)
          .contains(wayOut)
          .endsWith(".")
          .doesNotContain("canary");
      assertThat(service.output()).doesNotContain("\tat ").doesNotContain("canary");
    }
  }
}
