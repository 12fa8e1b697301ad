package io.funkhaus.scheduler.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.EngineException.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that does not answer, for real: a socket that nobody serves. */
class DockerEngineDeadlineTest {
  private static final Duration DEADLINE = Duration.ofMillis(300);

  @TempDir private Path directory;

  @Test
  void an_engine_that_accepts_and_hangs_is_given_up_at_the_deadline() throws IOException {
    Path socket = directory.resolve("hangs.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));

      assertUnavailable(socket);
    }
  }

  @Test
  void an_engine_that_is_not_there_is_told_at_once() {
    assertUnavailable(directory.resolve("nobody.sock"));
  }

  private static void assertUnavailable(Path socket) {
    ContainerEngine engine = DockerEngine.at(URI.create("unix://" + socket), DEADLINE);
    long before = System.nanoTime();
    assertThatThrownBy(engine::ping)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(DEADLINE.multipliedBy(10));
  }
}
