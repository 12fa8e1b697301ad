package io.funkhaus.web.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.Workspace;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Health and metrics are on a port of their own that only this machine reaches; nothing else is.
 */
class ManagementPortIT {
  private final RunningService service = RunningService.shared();
  private final HttpCaller management = HttpCaller.anonymous(service.managementUrl());

  @Test
  void readiness_tells_of_database_engine_and_journal() {
    HttpResponse<String> answer = management.get("/actuator/health/readiness");

    assertThat(answer.statusCode()).isEqualTo(200);
    var components = Workspace.json(answer).get("components");
    for (String component : List.of("db", "engine", "journal", "readinessState")) {
      assertThat(components.get(component).get("status").asString()).isEqualTo("UP");
    }
    assertThat(management.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
  }

  @Test
  void prometheus_sees_the_scheduler_and_the_recorder() {
    String page = management.get("/actuator/prometheus").body();

    assertThat(page)
        .contains("funkhaus_sandboxes{state=\"idle\"}")
        .contains("funkhaus_sandboxes{state=\"busy\"}")
        .contains("funkhaus_invocations_waiting{reason=\"tenant_concurrency\"}")
        .contains("funkhaus_invocations_refused_total{reason=\"function_concurrency\"}")
        .containsPattern(
            "funkhaus_stems\\{architecture=\"[a-z0-9_]+\",runtime=\"nodejs22.x\",state=\"ready\"}")
        .contains("funkhaus_sandbox_starts_total{kind=\"stem\"}")
        .contains("funkhaus_sandbox_starts_total{kind=\"container\"}")
        .contains("funkhaus_sandboxes_frozen")
        .contains("funkhaus_memory_budget_bytes")
        .contains("funkhaus_sandbox_destroys_total{reason=\"timed_out\"}")
        .contains("funkhaus_journal_waiting_records")
        .contains("hikaricp_connections_active");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env", "beans", "heapdump", "threaddump", "configprops", "loggers", "mappings",
        "conditions", "metrics", "shutdown", "flyway", "sessions", "scheduledtasks", "info"
      })
  void nothing_else_is_there(String endpoint) {
    assertThat(management.get("/actuator/" + endpoint).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/health", "/health/readiness", "/prometheus", "/env", "/heapdump"})
  void the_public_port_has_none_of_it(String path) {
    HttpCaller signedIn = Workspace.signUp(service).browser();

    assertThat(signedIn.get("/actuator" + path).statusCode()).isEqualTo(404);
  }

  @Test
  void both_ports_are_on_loopback_only_unless_told_otherwise() throws SocketException {
    List<String> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .map(java.net.InetAddress::getHostAddress)
            .toList();
    for (String address : others) {
      assertThat(connects(address, service.managementUrl().getPort())).isFalse();
      assertThat(connects(address, service.url().getPort())).isFalse();
    }
    assertThat(connects("127.0.0.1", service.managementUrl().getPort())).isTrue();
  }

  private static boolean connects(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 2_000);
      return true;
    } catch (java.io.IOException refused) {
      return false;
    }
  }
}
