package io.funkhaus.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.ContainerSpec;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.scheduler.engine.SeccompProfile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first process of a sandbox, without a scheduler: what it does when its platform dies. */
class InitIT {
  private static final String INSTANCE = "init-" + UUID.randomUUID();

  private final ContainerEngine engine = SchedulerFixture.dockerEngine();
  private Path directory = Path.of("/tmp");
  private String container = "";

  @BeforeEach
  void makeDirectories() throws IOException {
    directory = Files.createTempDirectory(Path.of("/tmp"), "fn-init-");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Files.createDirectory(directory.resolve("task"));
    Path run = Files.createDirectory(directory.resolve("run"));
    Files.writeString(run.resolve("hosts"), "127.0.0.1 localhost\n");
  }

  @AfterEach
  void removeEverything() throws Exception {
    engine.remove(container);
    engine.close();
    Files.deleteIfExists(directory.resolve("run/fn.sock"));
    Files.delete(directory.resolve("run/hosts"));
    Files.delete(directory.resolve("run"));
    Files.delete(directory.resolve("task"));
    Files.delete(directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nodejs22.x", "nodejs20.x", "python3.11"})
  void a_sandbox_ends_by_itself_when_the_platform_is_gone(String runtime) throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      start(server, runtime);
      SocketChannel control = server.accept();
      SocketChannel channel = server.accept();
      SocketChannel log = server.accept();
      assertThat(text(read(channel, 16)[3] & 0xff, channel))
          .contains("\"protocol\":1")
          .contains(runtime);

      control.close();

      await().atMost(Duration.ofSeconds(20)).until(() -> !engine.inspect(container).running());
      assertThat(engine.inspect(container).exitStatus()).isZero();
      channel.close();
      log.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nodejs22.x", "nodejs20.x", "python3.11"})
  void it_tells_how_the_runtime_has_ended(String runtime) throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      start(server, runtime);
      try (SocketChannel control = server.accept();
          SocketChannel channel = server.accept();
          SocketChannel log = server.accept()) {
        read(channel, 16);
        channel.shutdownInput();
        channel.shutdownOutput();

        byte[] frame = read(control, 20);

        assertThat(frame)
            .containsExactly(0, 0, 0, 4, 0x91, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(log.isConnected()).isTrue();
      }
    }
  }

  private void start(ServerSocketChannel server, String runtime)
      throws IOException, EngineException {
    Path socket = directory.resolve("run/fn.sock");
    server.bind(UnixDomainSocketAddress.of(socket));
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    container =
        engine.create(
            ContainerSpec.harden(
                "funkhaus/sandbox-" + runtime + ":dev",
                ContainerLimits.of(128, 1),
                directory.resolve("task"),
                directory.resolve("run"),
                SeccompProfile.load(),
                "",
                Map.of(Labels.INSTANCE, INSTANCE)));
    engine.start(container);
  }

  private static String text(int length, SocketChannel channel) throws IOException {
    return new String(read(channel, length), StandardCharsets.UTF_8);
  }

  private static byte[] read(SocketChannel channel, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      assertThat(channel.read(bytes)).isPositive();
    }
    return bytes.array();
  }
}
