package io.funkhaus.scheduler.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.LogConfig.LoggingType;
import com.github.dockerjava.api.model.Ulimit;
import com.google.errorprone.annotations.Immutable;
import io.funkhaus.scheduler.engine.Labels;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * Every control of a sandbox's container, and how it is seen in what the engine tells of the
 * container. A sandbox that was started must have all of them; for each there is a mutant that
 * lacks just that one, and is found out by it.
 */
public enum HardeningControl {
  USER(it -> assertThat(it.container().getConfig().getUser()).isEqualTo("10001:10001")),
  IMAGE(it -> {
    assertThat(it.container().getConfig().getImage()).isEqualTo(it.wanted().image());
    assertThat(it.container().getConfig().getCmd()).isNullOrEmpty();
  }),
  ENTRY_POINT(it ->
      assertThat(it.container().getConfig().getEntrypoint())
          .startsWith("/init", "/var/lang/bin/node")),
  HOST_NAME(it -> assertThat(it.container().getConfig().getHostName()).isEqualTo("sandbox")),
  WORKING_DIRECTORY(
      it -> assertThat(it.container().getConfig().getWorkingDir()).isEqualTo("/var/task")),
  NO_TERMINAL(it -> assertThat(it.container().getConfig().getTty()).isFalse()),
  NO_HEALTH_CHECK(it -> assertThat(it.container().getConfig().getHealthcheck()).isNull()),
  NO_EXPOSED_PORT(it -> assertThat(it.container().getConfig().getExposedPorts()).isNullOrEmpty()),
  LABELS(it ->
      assertThat(it.container().getConfig().getLabels())
          .containsAllEntriesOf(it.wanted().labels())
          .containsKeys(Labels.INSTANCE, Labels.EPOCH, Labels.SANDBOX)),
  NO_ENVIRONMENT(it ->
      assertThat(it.container().getConfig().getEnv())
          .containsExactlyInAnyOrderElementsOf(it.imageEnvironment())),

  RUNTIME(it -> assertThat(it.host().getRuntime()).isEqualTo(it.wanted().runtime())),
  NOT_PRIVILEGED(it -> assertThat(it.host().getPrivileged()).isFalse()),
  CAPABILITIES_DROPPED(it -> assertThat(it.host().getCapDrop()).containsExactly(Capability.ALL)),
  NO_CAPABILITY_ADDED(it -> assertThat(it.host().getCapAdd()).isNullOrEmpty()),
  NO_NEW_PRIVILEGES(it -> assertThat(it.host().getSecurityOpts()).contains("no-new-privileges")),
  SECCOMP(it ->
      assertThat(it.host().getSecurityOpts())
          .anySatisfy(
              option -> assertThat(option).startsWith("seccomp={").contains("SCMP_ACT_ERRNO"))),
  NO_OTHER_SECURITY_OPTION(it ->
      assertThat(it.host().getSecurityOpts())
          .allMatch(option -> option.equals("no-new-privileges") || option.startsWith("seccomp={"))
          .doesNotHaveDuplicates()),
  NO_DEVICE(it -> assertThat(it.host().getDevices()).isNullOrEmpty()),
  NO_DEVICE_REQUEST(it -> assertThat(it.host().getDeviceRequests()).isNullOrEmpty()),
  NO_DEVICE_RULE(it -> assertThat(it.host().getDeviceCgroupRules()).isNullOrEmpty()),
  NO_FURTHER_GROUP(it -> assertThat(it.host().getGroupAdd()).isNullOrEmpty()),
  NO_KERNEL_SETTING(it -> assertThat(it.host().getSysctls()).isNullOrEmpty()),

  NO_NETWORK(it -> assertThat(it.host().getNetworkMode()).isEqualTo("none")),
  NETWORK_LEFT_ALONE(
      it -> assertThat(it.container().getConfig().getNetworkDisabled()).isEqualTo(true)),
  NO_SHARED_MEMORY(it -> assertThat(it.host().getIpcMode()).isEqualTo("none")),
  OWN_PROCESS_IDS(it -> assertThat(it.host().getPidMode()).isEmpty()),
  ENGINES_USER_IDS(it -> assertThat(it.host().getUsernsMode()).isEmpty()),
  OWN_HOST_NAME(it -> assertThat(it.host().getUtSMode()).isEmpty()),
  NO_LINK(it -> assertThat(it.host().getLinks()).isNullOrEmpty()),
  NO_VOLUMES_OF_OTHERS(it -> assertThat(it.host().getVolumesFrom()).isNullOrEmpty()),
  NO_FURTHER_HOSTS(it -> assertThat(it.host().getExtraHosts()).isNullOrEmpty()),
  NO_PORT(it -> assertThat(it.host().getPortBindings()).isNull()),
  NO_PUBLISHED_PORTS(it -> assertThat(it.host().getPublishAllPorts()).isFalse()),

  READ_ONLY_ROOT(it -> assertThat(it.host().getReadonlyRootfs()).isTrue()),
  ONLY_TMP_IS_WRITABLE(it -> assertThat(it.host().getTmpFs()).containsOnlyKeys("/tmp")),
  TMP_OPTIONS(it ->
      assertThat(it.tmpOptions())
          .contains("rw", "mode=1777")
          .hasSize(7)
          .doesNotContain("exec", "suid", "dev")),
  TMP_WITHOUT_PROGRAMS(it -> assertThat(it.tmpOptions()).contains("noexec")),
  TMP_WITHOUT_SET_USER_ID(it -> assertThat(it.tmpOptions()).contains("nosuid")),
  TMP_WITHOUT_DEVICES(it -> assertThat(it.tmpOptions()).contains("nodev")),
  TMP_SIZE(it -> assertThat(it.tmpOptions()).contains("size=536870912")),
  TMP_FILES(it -> assertThat(it.tmpOptions()).contains("nr_inodes=16384")),
  NO_MOUNT(it -> assertThat(it.host().getMounts()).isNullOrEmpty()),
  NOTHING_BUT_OURS(it -> {
    assertThat(it.host().getBinds())
        .extracting(bind -> bind.getVolume().getPath())
        .containsExactlyInAnyOrder("/var/task", "/run/fn", "/etc/hosts");
    assertThat(it.host().getBinds())
        .allSatisfy(
            bind -> assertThat(Path.of(bind.getPath())).startsWith(it.wanted().sandboxes()));
  }),
  DIRECTORIES_READ_ONLY(it ->
      assertThat(it.host().getBinds()).extracting(Bind::getAccessMode).containsOnly(AccessMode.ro)),

  MEMORY(it -> assertThat(it.host().getMemory()).isEqualTo(it.wanted().memoryBytes())),
  SWAP(it -> assertThat(it.host().getMemorySwap()).isEqualTo(it.wanted().memoryBytes())),
  KILLED_WHEN_OUT_OF_MEMORY(it -> assertThat(it.host().getOomKillDisable()).isNotEqualTo(true)),
  KILLED_BEFORE_THE_SERVICE(it -> assertThat(it.host().getOomScoreAdj()).isEqualTo(500)),
  PROCESSORS(it -> assertThat(it.host().getNanoCPUs()).isEqualTo(1_000_000_000L)),
  PROCESSOR_SHARES(it -> assertThat(it.host().getCpuShares()).isEqualTo(256)),
  PROCESSES(it -> assertThat(it.host().getPidsLimit()).isEqualTo(256)),
  OPEN_FILES(it -> assertThat(it.host().getUlimits()).contains(new Ulimit("nofile", 1024L, 1024L))),
  NO_CORE_FILES(it -> assertThat(it.host().getUlimits()).contains(new Ulimit("core", 0L, 0L))),
  NO_MESSAGE_QUEUES(
      it -> assertThat(it.host().getUlimits()).contains(new Ulimit("msgqueue", 0L, 0L))),
  NO_OTHER_ULIMIT(it ->
      assertThat(it.host().getUlimits())
          .extracting(Ulimit::getName)
          .doesNotHaveDuplicates()
          .isSubsetOf("nofile", "core", "msgqueue")),

  NO_LOG_OF_THE_ENGINE(
      it -> assertThat(it.host().getLogConfig().getType()).isEqualTo(LoggingType.NONE)),
  NO_RESTART(it -> assertThat(it.host().getRestartPolicy().getName()).isIn("", "no")),
  REMOVED_BY_US(it -> assertThat(it.host().getAutoRemove()).isFalse()),
  INIT_OF_OURS(it -> assertThat(it.host().getInit()).isNotEqualTo(true));

  private final Check check;

  HardeningControl(Check check) {
    this.check = check;
  }

  @Immutable
  private interface Check {
    void check(InspectedContainer container);
  }

  /** Fails when the container lacks this control. */
  public void check(InspectedContainer container) {
    check.check(container);
  }

  /** The controls that a container lacks. */
  static Set<HardeningControl> lackedBy(InspectedContainer container) {
    Set<HardeningControl> lacked = EnumSet.noneOf(HardeningControl.class);
    for (HardeningControl control : values()) {
      try {
        control.check(container);
      } catch (AssertionError found) {
        lacked.add(control);
      }
    }
    return lacked;
  }
}
