package io.funkhaus.scheduler.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.scheduler.engine.EngineException.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every container engine promises the scheduler. */
abstract class ContainerEngineContract {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final String instance = "contract-" + UUID.randomUUID();
  private final List<SocketChannel> connections = new ArrayList<>();
  private ContainerEngine engine;
  private ServerSocketChannel server;
  private Path directory;

  abstract ContainerEngine engine();

  abstract String image();

  @BeforeEach
  void listen() throws IOException {
    engine = engine();
    directory = Files.createTempDirectory(Path.of("/tmp"), "fn-contract-");
    Files.createDirectories(directory.resolve("task"));
    Path run = Files.createDirectories(directory.resolve("run"));
    Files.writeString(run.resolve("hosts"), "127.0.0.1 localhost\n");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(run.resolve("fn.sock")));
    Files.setPosixFilePermissions(
        run.resolve("fn.sock"), PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void clearAway() throws EngineException, IOException {
    for (ContainerListing container : engine.list(Map.of(Labels.INSTANCE, instance))) {
      engine.remove(container.container());
    }
    server.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
    engine.close();
    Files.delete(directory.resolve("run/fn.sock"));
    Files.delete(directory.resolve("run/hosts"));
    Files.delete(directory.resolve("run"));
    Files.delete(directory.resolve("task"));
    Files.delete(directory);
  }

  @Test
  void a_container_that_was_created_does_not_run() throws EngineException {
    String container = engine.create(spec("a"));

    assertThat(engine.inspect(container).running()).isFalse();
  }

  @Test
  void a_container_that_was_started_connects_three_times_and_runs() throws Exception {
    String container = started("a");

    assertThat(connections).hasSize(3);
    assertThat(engine.inspect(container).running()).isTrue();
  }

  @Test
  void a_container_ends_by_itself_when_its_control_connection_ends() throws Exception {
    String container = started("a");

    connections.getFirst().close();

    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(engine.inspect(container)).isEqualTo(new ContainerState(false, 0, false)));
  }

  @Test
  void a_paused_container_does_nothing_until_it_is_unpaused() throws Exception {
    String container = started("a");

    pause(container);
    connections.getFirst().close();
    Awaitility.await()
        .during(Duration.ofMillis(300))
        .atMost(SOON)
        .until(() -> engine.inspect(container).running());
    assertThat(engine.list(Map.of(Labels.INSTANCE, instance)))
        .allMatch(ContainerListing::running)
        .hasSize(1);
    engine.unpause(container);

    Awaitility.await().atMost(SOON).until(() -> !engine.inspect(container).running());
  }

  /** On a busy host a container whose processes are just being born may refuse. */
  private void pause(String container) {
    Awaitility.await()
        .atMost(SOON)
        .ignoreException(EngineException.class)
        .until(() -> {
          engine.pause(container);
          return true;
        });
  }

  @Test
  void unpausing_what_is_not_paused_is_no_error_and_a_paused_one_can_be_removed() throws Exception {
    String container = started("a");
    engine.unpause(container);
    pause(container);

    engine.remove(container);

    assertThat(engine.list(Map.of(Labels.INSTANCE, instance))).isEmpty();
  }

  @Test
  void a_container_that_runs_can_be_removed_and_is_gone() throws Exception {
    String container = started("a");

    engine.remove(container);

    assertThatThrownBy(() -> engine.inspect(container))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void removing_twice_is_no_error() throws EngineException {
    String container = engine.create(spec("a"));

    engine.remove(container);
    engine.remove(container);

    assertThat(engine.list(Map.of(Labels.INSTANCE, instance))).isEmpty();
  }

  @Test
  void containers_are_found_by_their_labels_running_or_not() throws Exception {
    String running = started("a");
    String created = engine.create(spec("b"));

    assertThat(engine.list(Map.of(Labels.INSTANCE, instance)))
        .extracting(ContainerListing::container, ContainerListing::running)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(running, true),
            org.assertj.core.groups.Tuple.tuple(created, false));
    assertThat(engine.list(Map.of(Labels.INSTANCE, instance, Labels.SANDBOX, "b")))
        .extracting(listing -> listing.labels().get(Labels.SANDBOX))
        .containsExactly("b");
    assertThat(engine.list(Map.of(Labels.INSTANCE, instance + "x"))).isEmpty();
  }

  @Test
  void the_limits_of_a_running_container_can_be_changed() throws Exception {
    String container = started("a");

    engine.updateLimits(container, ContainerLimits.of(3_008, 2));
    engine.updateLimits(container, ContainerLimits.of(128, 2));

    assertThat(engine.inspect(container).running()).isTrue();
  }

  @Test
  void an_image_that_is_not_there_is_told_before_and_at_creation() throws EngineException {
    assertThat(engine.hasImage(image())).isTrue();
    assertThat(engine.hasImage("funkhaus/no-such-image:dev")).isFalse();
    assertThatThrownBy(() -> engine.create(spec("funkhaus/no-such-image:dev", "a")))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void what_is_not_there_cannot_be_started() {
    assertThatThrownBy(() -> engine.start("0123456789abcdef"))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void it_says_who_it_is() throws EngineException {
    assertThat(engine.ping().version()).isNotEmpty();
  }

  private String started(String sandbox) throws EngineException, IOException {
    String container = engine.create(spec(sandbox));
    engine.start(container);
    for (int i = 0; i < 3; i++) {
      connections.add(server.accept());
    }
    return container;
  }

  private ContainerSpec spec(String sandbox) {
    return spec(image(), sandbox);
  }

  private ContainerSpec spec(String image, String sandbox) {
    return ContainerSpec.harden(
        image,
        ContainerLimits.of(128, 2),
        directory.resolve("task"),
        directory.resolve("run"),
        SeccompProfile.load(),
        "",
        Map.of(Labels.INSTANCE, instance, Labels.SANDBOX, sandbox));
  }
}
