package io.funkhaus.scheduler.engine.docker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Link;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.api.model.VolumesFrom;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.ContainerSpec;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.scheduler.engine.SeccompProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The specification of a sandbox's container with one control taken away at a time: the engine
 * takes the mutant, and the inspection that every sandbox has to pass names what is missing.
 */
class ContainerMutantsIT {
  private static final String IMAGE = "funkhaus/sandbox-nodejs22.x:dev";
  private static final int MEMORY_MEGABYTES = 256;
  private static final long MEMORY_BYTES = (long) MEMORY_MEGABYTES << 20;
  private static final Path SANDBOXES = directories();
  private static final Map<String, String> LABELS =
      Map.of(
          Labels.INSTANCE, "mutants-" + UUID.randomUUID(),
          Labels.EPOCH, "1",
          Labels.SANDBOX, "1",
          Labels.RUNTIME, "nodejs22.x",
          Labels.ISOLATION, "container");
  private static final String USUAL_RUNTIME = "runc";

  /** Every engine has it; stands for the one of another isolation. */
  private static final String OTHER_RUNTIME = "io.containerd.runc.v2";

  private static final ContainerSpec SPEC = spec("");
  private static final InspectedContainer.Wanted WANTED = wanted(USUAL_RUNTIME);

  private static ContainerSpec spec(String runtime) {
    return ContainerSpec.harden(
        IMAGE,
        ContainerLimits.of(MEMORY_MEGABYTES, 2),
        SANDBOXES.resolve("1/task"),
        SANDBOXES.resolve("1/run"),
        SeccompProfile.load(),
        runtime,
        LABELS);
  }

  private static InspectedContainer.Wanted wanted(String runtime) {
    return new InspectedContainer.Wanted(IMAGE, runtime, MEMORY_BYTES, SANDBOXES, LABELS);
  }

  private static DockerEngine engine;
  private static String unmutated;

  /** As a sandbox has them; they must be there for the engine, and they stay empty. */
  private static Path directories() {
    try {
      Path sandboxes = Files.createTempDirectory(Path.of("/tmp"), "fn-mutants-");
      Files.createDirectories(sandboxes.resolve("1/task"));
      Files.createFile(Files.createDirectories(sandboxes.resolve("1/run")).resolve("hosts"));
      return sandboxes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void createTheUnmutated() throws EngineException {
    engine =
        DockerEngine.at(
            URI.create(System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock")),
            Duration.ofSeconds(20));
    unmutated = engine.create(SPEC);
  }

  @AfterAll
  static void removeIt() throws EngineException, IOException {
    engine.remove(unmutated);
    engine.close();
    for (String path : List.of("1/task", "1/run/hosts", "1/run", "1", "")) {
      Files.delete(SANDBOXES.resolve(path));
    }
  }

  @Test
  void the_unmutated_container_lacks_nothing() {
    assertThat(HardeningControl.lackedBy(InspectedContainer.of(unmutated, WANTED))).isEmpty();
  }

  @Test
  void every_control_has_a_mutant() {
    assertThat(mutants()).flatExtracting(Mutant::lacks).containsOnly(HardeningControl.values());
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void a_container_that_lacks_one_control_is_found_out_by_that_one(Mutant mutant)
      throws EngineException {
    CreateContainerCmd command = engine.creation(SPEC);
    mutant.change().accept(command);

    assertThat(lackedBy(command, WANTED)).isEqualTo(mutant.lacks());
  }

  @Test
  void a_container_of_another_runtime_is_found_out_when_the_runtime_is_left_out()
      throws EngineException {
    CreateContainerCmd command = engine.creation(spec(OTHER_RUNTIME));

    assertThat(lackedBy(command, wanted(OTHER_RUNTIME))).isEmpty();
    requireNonNull(command.getHostConfig()).withRuntime("");
    assertThat(lackedBy(command, wanted(OTHER_RUNTIME))).containsExactly(HardeningControl.RUNTIME);
  }

  private static Set<HardeningControl> lackedBy(
      CreateContainerCmd command, InspectedContainer.Wanted wanted) throws EngineException {
    String container = command.exec().getId();
    try {
      return HardeningControl.lackedBy(InspectedContainer.of(container, wanted));
    } finally {
      engine.remove(container);
    }
  }

  record Mutant(Set<HardeningControl> lacks, Consumer<CreateContainerCmd> change) {
    @Override
    public String toString() {
      return "without " + lacks;
    }
  }

  private static Mutant of(HardeningControl lacks, Consumer<CreateContainerCmd> change) {
    return new Mutant(Set.of(lacks), change);
  }

  private static Mutant host(HardeningControl lacks, Consumer<HostConfig> change) {
    return of(lacks, command -> change.accept(command.getHostConfig()));
  }

  static List<Mutant> mutants() {
    return Stream.of(identity(), privileges(), namespaces(), files(), resources(), keeping())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Mutant> identity() {
    return List.of(
        of(HardeningControl.USER, command -> command.withUser("")),
        of(HardeningControl.IMAGE, command -> command.withCmd("/bin/sh")),
        new Mutant( // another image brings other constants
            Set.of(HardeningControl.IMAGE, HardeningControl.NO_ENVIRONMENT),
            command -> command.withImage("funkhaus/sandbox-nodejs20.x:dev")),
        of(HardeningControl.ENTRY_POINT, command -> command.withEntrypoint("/var/lang/bin/node")),
        of(HardeningControl.HOST_NAME, command -> command.withHostName("other")),
        of(HardeningControl.WORKING_DIRECTORY, command -> command.withWorkingDir("/tmp")),
        of(HardeningControl.NO_TERMINAL, command -> command.withTty(true)),
        of(
            HardeningControl.NO_HEALTH_CHECK,
            command ->
                command.withHealthcheck(new HealthCheck().withTest(List.of("CMD", "/init")))),
        of(
            HardeningControl.NO_EXPOSED_PORT,
            command -> command.withExposedPorts(ExposedPort.tcp(80))),
        of(
            HardeningControl.LABELS,
            command -> {
              Map<String, String> fewer = new HashMap<>(LABELS);
              fewer.remove(Labels.SANDBOX);
              command.withLabels(fewer);
            }),
        of(HardeningControl.NO_ENVIRONMENT, command -> command.withEnv("PASSWORD=canary")));
  }

  private static List<Mutant> privileges() {
    return List.of(
        host(HardeningControl.RUNTIME, host -> host.withRuntime(OTHER_RUNTIME)),
        unconfined(HardeningControl.NOT_PRIVILEGED, host -> host.withPrivileged(true)),
        host(HardeningControl.CAPABILITIES_DROPPED, host -> host.withCapDrop()),
        host(HardeningControl.CAPABILITIES_DROPPED, host -> host.withCapDrop(Capability.SYS_ADMIN)),
        host(HardeningControl.NO_CAPABILITY_ADDED, host -> host.withCapAdd(Capability.NET_RAW)),
        host(HardeningControl.NO_NEW_PRIVILEGES, host -> dropOption(host, "no-new-privileges")),
        host(HardeningControl.SECCOMP, host -> dropOption(host, "seccomp=")),
        host(HardeningControl.NO_OTHER_SECURITY_OPTION, host -> addOption(host, "label=disable")),
        host(
            HardeningControl.NO_DEVICE,
            host -> host.withDevices(new Device("rwm", "/dev/kvm", "/dev/kvm"))),
        host(
            HardeningControl.NO_DEVICE_REQUEST,
            host -> host.withDeviceRequests(List.of(new DeviceRequest().withDriver("nvidia")))),
        host(
            HardeningControl.NO_DEVICE_RULE,
            host -> host.withDeviceCgroupRules(List.of("c 1:3 rwm"))),
        host(HardeningControl.NO_FURTHER_GROUP, host -> host.withGroupAdd(List.of("0"))),
        host(
            HardeningControl.NO_KERNEL_SETTING,
            host -> host.withSysctls(Map.of("net.ipv4.ip_forward", "1"))));
  }

  /** Where the engine itself adds an option that switches labels of processes off. */
  private static Mutant unconfined(HardeningControl lacks, Consumer<HostConfig> change) {
    return new Mutant(
        Set.of(lacks, HardeningControl.NO_OTHER_SECURITY_OPTION),
        command -> change.accept(command.getHostConfig()));
  }

  private static void dropOption(HostConfig host, String beginning) {
    List<String> options = new ArrayList<>(host.getSecurityOpts());
    options.removeIf(option -> option.startsWith(beginning));
    host.withSecurityOpts(options);
  }

  private static void addOption(HostConfig host, String option) {
    List<String> options = new ArrayList<>(host.getSecurityOpts());
    options.add(option);
    host.withSecurityOpts(options);
  }

  private static List<Mutant> namespaces() {
    return List.of(
        host(HardeningControl.NO_NETWORK, host -> host.withNetworkMode("bridge")),
        of(HardeningControl.NETWORK_LEFT_ALONE, command -> command.withNetworkDisabled(false)),
        host(HardeningControl.NO_SHARED_MEMORY, host -> host.withIpcMode("private")),
        unconfined(HardeningControl.OWN_PROCESS_IDS, host -> host.withPidMode("host")),
        host(HardeningControl.ENGINES_USER_IDS, host -> host.withUsernsMode("host")),
        new Mutant(
            Set.of(HardeningControl.OWN_HOST_NAME, HardeningControl.HOST_NAME),
            ContainerMutantsIT::nameOfTheHost),
        host(HardeningControl.NO_LINK, host -> host.withLinks(new Link(unmutated, "other"))),
        host(
            HardeningControl.NO_VOLUMES_OF_OTHERS,
            host -> host.withVolumesFrom(new VolumesFrom(unmutated))),
        host(HardeningControl.NO_FURTHER_HOSTS, host -> host.withExtraHosts("other:192.0.2.1")),
        host(
            HardeningControl.NO_PORT,
            host -> {
              Ports ports = new Ports();
              ports.bind(ExposedPort.tcp(80), Ports.Binding.bindPort(8080));
              host.withPortBindings(ports);
            }),
        host(HardeningControl.NO_PUBLISHED_PORTS, host -> host.withPublishAllPorts(true)));
  }

  /** The engine refuses a name together with that of the host. */
  private static void nameOfTheHost(CreateContainerCmd command) {
    requireNonNull(command.withHostName("").getHostConfig()).withUtSMode("host");
  }

  private static List<Mutant> files() {
    return List.of(
        host(HardeningControl.READ_ONLY_ROOT, host -> host.withReadonlyRootfs(false)),
        host(
            HardeningControl.ONLY_TMP_IS_WRITABLE,
            host -> {
              Map<String, String> more = new HashMap<>(host.getTmpFs());
              more.put("/opt", "rw");
              host.withTmpFs(more);
            }),
        host(HardeningControl.TMP_OPTIONS, host -> tmp(host, text -> text + ",huge=always")),
        tmpWithout(HardeningControl.TMP_WITHOUT_PROGRAMS, "noexec", "relatime"),
        tmpWithout(HardeningControl.TMP_WITHOUT_SET_USER_ID, "nosuid", "relatime"),
        tmpWithout(HardeningControl.TMP_WITHOUT_DEVICES, "nodev", "relatime"),
        tmpWithout(HardeningControl.TMP_SIZE, "size=536870912", "size=100%"),
        tmpWithout(HardeningControl.TMP_FILES, "nr_inodes=16384", "nr_inodes=0"),
        host(
            HardeningControl.NO_MOUNT,
            host ->
                host.withMounts(List.of(new Mount().withType(MountType.TMPFS).withTarget("/opt")))),
        host(
            HardeningControl.NOTHING_BUT_OURS,
            host -> bind(host, new Bind("/etc", new Volume("/host"), AccessMode.ro))),
        host(HardeningControl.DIRECTORIES_READ_ONLY, ContainerMutantsIT::bindWritable));
  }

  private static Mutant tmpWithout(HardeningControl lacks, String option, String instead) {
    return host(lacks, host -> tmp(host, text -> text.replace(option, instead)));
  }

  private static void tmp(HostConfig host, UnaryOperator<String> change) {
    String options = requireNonNull(requireNonNull(host.getTmpFs()).get("/tmp"));
    host.withTmpFs(Map.of("/tmp", change.apply(options)));
  }

  private static void bind(HostConfig host, Bind further) {
    List<Bind> binds = new ArrayList<>(Arrays.asList(host.getBinds()));
    binds.add(further);
    host.withBinds(binds);
  }

  private static void bindWritable(HostConfig host) {
    List<Bind> binds = new ArrayList<>(Arrays.asList(host.getBinds()));
    Bind first = binds.removeFirst();
    binds.add(new Bind(first.getPath(), first.getVolume(), AccessMode.rw));
    host.withBinds(binds);
  }

  private static List<Mutant> resources() {
    return List.of(
        host(HardeningControl.MEMORY, host -> host.withMemory(MEMORY_BYTES - 1024 * 1024)),
        host(HardeningControl.SWAP, host -> host.withMemorySwap(-1L)),
        host(HardeningControl.KILLED_WHEN_OUT_OF_MEMORY, host -> host.withOomKillDisable(true)),
        host(HardeningControl.KILLED_BEFORE_THE_SERVICE, host -> host.withOomScoreAdj(0)),
        host(HardeningControl.PROCESSORS, host -> host.withNanoCPUs(null)),
        host(HardeningControl.PROCESSOR_SHARES, host -> host.withCpuShares(null)),
        host(HardeningControl.PROCESSES, host -> host.withPidsLimit(null)),
        host(HardeningControl.OPEN_FILES, host -> withoutUlimit(host, "nofile")),
        host(HardeningControl.NO_CORE_FILES, host -> withoutUlimit(host, "core")),
        host(HardeningControl.NO_MESSAGE_QUEUES, host -> withoutUlimit(host, "msgqueue")),
        host(
            HardeningControl.NO_OTHER_ULIMIT,
            host -> {
              List<Ulimit> ulimits = new ArrayList<>(Arrays.asList(host.getUlimits()));
              ulimits.add(new Ulimit("memlock", -1L, -1L));
              host.withUlimits(ulimits);
            }));
  }

  private static void withoutUlimit(HostConfig host, String name) {
    host.withUlimits(
        Arrays.stream(host.getUlimits()).filter(ulimit -> !ulimit.getName().equals(name)).toList());
  }

  private static List<Mutant> keeping() {
    return List.of(
        host(
            HardeningControl.NO_LOG_OF_THE_ENGINE,
            host -> host.withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE))),
        host(
            HardeningControl.NO_RESTART,
            host -> host.withRestartPolicy(RestartPolicy.alwaysRestart())),
        host(HardeningControl.REMOVED_BY_US, host -> host.withAutoRemove(true)),
        host(HardeningControl.INIT_OF_OURS, host -> host.withInit(true)));
  }
}
