package io.funkhaus.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig.LoggingType;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.engine.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The hardened specification as the engine has taken it, field by field, of a sandbox that the
 * production path has started. Leaving out any one flag fails a test here.
 */
class InspectionIT {
  private static final String SECRET = "canary-of-the-environment";
  private static final long MEBIBYTE = 1L << 20;

  private static SchedulerFixture platform;
  private static SandboxSpec spec;
  private static InspectContainerResponse container;
  private static HostConfig host;

  @BeforeAll
  static void inspectOne() throws IOException {
    platform = SchedulerFixture.start();
    spec =
        platform
            .node("exports.handler = async () => 1")
            .tenant("210987654321")
            .name("inspected")
            .version("7")
            .memory(256)
            .variable("PASSWORD", SECRET)
            .spec();
    HostileFunction.report(platform.invoke(spec, "{}"));
    try (DockerClient client = client()) {
      container =
          client.inspectContainerCmd(platform.containers(spec).getFirst().container()).exec();
    }
    host = container.getHostConfig();
  }

  private static DockerClient client() {
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(
                System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock"))
            .build();
    return DockerClientImpl.getInstance(
        config, new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void it_runs_as_nobody_special_in_an_image_of_ours() {
    assertThat(container.getConfig().getUser()).isEqualTo("10001:10001");
    assertThat(container.getConfig().getImage()).isEqualTo("funkhaus/sandbox-nodejs22.x:dev");
    assertThat(container.getConfig().getEntrypoint()).startsWith("/init", "/var/lang/bin/node");
    assertThat(container.getConfig().getCmd()).isNullOrEmpty();
    assertThat(container.getConfig().getHostName()).isEqualTo("sandbox");
    assertThat(container.getConfig().getWorkingDir()).isEqualTo("/var/task");
    assertThat(container.getConfig().getTty()).isFalse();
    assertThat(container.getConfig().getHealthcheck()).isNull();
    assertThat(container.getConfig().getExposedPorts()).isNullOrEmpty();
  }

  @Test
  void it_has_no_privileges() {
    assertThat(host.getPrivileged()).isFalse();
    assertThat(host.getCapDrop()).containsExactly(Capability.ALL);
    assertThat(host.getCapAdd()).isNullOrEmpty();
    assertThat(host.getSecurityOpts())
        .hasSize(2)
        .contains("no-new-privileges")
        .anySatisfy(
            option -> assertThat(option).startsWith("seccomp={").contains("SCMP_ACT_ERRNO"));
    assertThat(host.getDevices()).isNullOrEmpty();
    assertThat(host.getDeviceRequests()).isNullOrEmpty();
    assertThat(host.getDeviceCgroupRules()).isNullOrEmpty();
    assertThat(host.getGroupAdd()).isNullOrEmpty();
    assertThat(host.getSysctls()).isNullOrEmpty();
  }

  @Test
  void it_shares_no_namespace_with_anybody() {
    assertThat(host.getNetworkMode()).isEqualTo("none");
    assertThat(host.getIpcMode()).isEqualTo("none");
    assertThat(host.getPidMode()).isEmpty();
    assertThat(host.getUsernsMode()).isEmpty();
    assertThat(host.getUtSMode()).isEmpty();
    assertThat(host.getLinks()).isNullOrEmpty();
    assertThat(host.getVolumesFrom()).isNullOrEmpty();
    assertThat(host.getExtraHosts()).isNullOrEmpty();
    assertThat(host.getPortBindings()).isNull();
    assertThat(host.getPublishAllPorts()).isFalse();
  }

  @Test
  void it_writes_to_tmp_and_nowhere_else() {
    assertThat(host.getReadonlyRootfs()).isTrue();
    assertThat(host.getTmpFs())
        .containsOnlyKeys("/tmp")
        .hasEntrySatisfying(
            "/tmp",
            options ->
                assertThat(options.split(","))
                    .containsExactlyInAnyOrder(
                        "rw",
                        "noexec",
                        "nosuid",
                        "nodev",
                        "size=" + 128 * MEBIBYTE,
                        "nr_inodes=16384",
                        "mode=1777"));
    assertThat(host.getMounts()).isNullOrEmpty();
  }

  @Test
  void it_sees_two_directories_of_the_host_and_cannot_change_them() {
    Path ours = platform.data().resolve("sandboxes");

    assertThat(host.getBinds()).hasSize(2);
    assertThat(host.getBinds()).extracting(Bind::getAccessMode).containsOnly(AccessMode.ro);
    assertThat(host.getBinds())
        .extracting(bind -> bind.getVolume().getPath())
        .containsExactlyInAnyOrder("/var/task", "/run/fn");
    assertThat(host.getBinds())
        .allSatisfy(bind -> assertThat(Path.of(bind.getPath())).startsWith(ours));
  }

  @Test
  void every_resource_has_a_limit() {
    assertThat(host.getMemory()).isEqualTo(256 * MEBIBYTE);
    assertThat(host.getMemorySwap()).isEqualTo(256 * MEBIBYTE);
    assertThat(host.getOomKillDisable()).isNotEqualTo(true);
    assertThat(host.getOomScoreAdj()).isEqualTo(500);
    assertThat(host.getNanoCPUs()).isEqualTo(1_000_000_000L);
    assertThat(host.getCpuShares()).isEqualTo(256);
    assertThat(host.getPidsLimit()).isEqualTo(256);
    assertThat(Arrays.asList(host.getUlimits()))
        .containsExactlyInAnyOrder(
            new Ulimit("nofile", 1024L, 1024L),
            new Ulimit("core", 0L, 0L),
            new Ulimit("msgqueue", 0L, 0L));
  }

  @Test
  void the_engine_keeps_nothing_and_restarts_nothing() {
    assertThat(host.getLogConfig().getType()).isEqualTo(LoggingType.NONE);
    assertThat(host.getRestartPolicy().getName()).isIn("", "no");
    assertThat(host.getAutoRemove()).isFalse();
    assertThat(host.getInit()).isNotEqualTo(true);
  }

  @Test
  void labels_say_whose_it_is() {
    assertThat(container.getConfig().getLabels())
        .containsAllEntriesOf(
            Map.of(
                Labels.TENANT, "210987654321", Labels.FUNCTION, "inspected", Labels.VERSION, "7"))
        .containsKeys(Labels.INSTANCE, Labels.EPOCH, Labels.SANDBOX);
  }

  @Test
  void the_functions_environment_is_not_the_engines_to_show() {
    assertThat(container.getConfig().getEnv())
        .noneMatch(variable -> variable.contains(SECRET) || variable.startsWith("PASSWORD"));
    assertThat(container.getRawValues().toString()).doesNotContain(SECRET);
  }
}
