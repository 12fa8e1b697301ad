package io.funkhaus.web.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.web.fixture.Containers;
import io.funkhaus.web.fixture.HttpCaller;
import io.funkhaus.web.fixture.RunningService;
import io.funkhaus.web.fixture.ServiceProcess;
import io.funkhaus.web.fixture.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service ends while its sandboxes are frozen: they do not notice by themselves. */
class FrozenIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");

  private Map<String, String> variables = Map.of();
  private String instance = "";

  @BeforeEach
  void freshInstallation() {
    variables = ServiceProcess.variables();
    instance = "frozen-" + ProcessHandle.current().pid() + "-" + variables.get("FUNKHAUS_PORT");
    variables.put("FUNKHAUS_INSTANCE", instance);
  }

  @AfterEach
  void deleteData() {
    RunningService.deleteTree(Path.of(String.valueOf(variables.get("FUNKHAUS_DATA"))));
  }

  @Test
  void killed_it_clears_them_away_at_its_next_start() {
    ServiceProcess service = ServiceProcess.started(variables);
    HttpCaller api = Workspace.signUp(service.url()).api();
    Set<String> frozen;
    try {
      frozen = atRest(api);
    } finally {
      service.kill();
    }

    try (ServiceProcess again = ServiceProcess.started(variables)) {
      assertThat(again.isReady()).isTrue();
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(containers()).doesNotContainAnyElementsOf(frozen));
      assertThat(frozen).noneMatch(FrozenIT::hasProcesses);
      assertThat(MainJobIT.invoke(api, "resting", "{}")).isEqualTo("1");
    }
  }

  @Test
  void told_to_stop_it_leaves_none() {
    ServiceProcess service = ServiceProcess.started(variables);
    HttpCaller api = Workspace.signUp(service.url()).api();
    Set<String> frozen = atRest(api);

    service.terminate();

    assertThat(service.exitStatus(SOON)).isZero();
    assertThat(containers()).isEmpty();
    assertThat(frozen).noneMatch(FrozenIT::hasProcesses);
    service.close();
  }

  /** Calls a function; then all containers rest, the stems as well. */
  private Set<String> atRest(HttpCaller api) {
    api.post(
        "/api/v1/functions",
        """
        {"name":"resting","runtime":"nodejs22.x","files":{"index.js":
         "exports.handler = async () => 1;"}}
        """);
    assertThat(MainJobIT.invoke(api, "resting", "{}")).isEqualTo("1");
    await()
        .atMost(SOON)
        .until(() -> containers().size() > 1 && containers().stream().allMatch(FrozenIT::frozen));
    return containers();
  }

  private Set<String> containers() {
    return Containers.of(instance).stream()
        .map(ContainerListing::container)
        .collect(Collectors.toSet());
  }

  /** Under either version of control groups. */
  private static boolean frozen(String container) {
    return says(GROUPS.resolve("freezer/docker").resolve(container), "freezer.state", "FROZEN")
        || says(unified(container), "cgroup.events", "frozen 1");
  }

  private static boolean hasProcesses(String container) {
    return Files.exists(GROUPS.resolve("freezer/docker").resolve(container))
        || Files.exists(unified(container));
  }

  private static Path unified(String container) {
    return GROUPS.resolve("system.slice").resolve("docker-" + container + ".scope");
  }

  private static boolean says(Path group, String file, String line) {
    try {
      List<String> lines =
          Files.exists(group.resolve(file)) ? Files.readAllLines(group.resolve(file)) : List.of();
      return lines.contains(line);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
