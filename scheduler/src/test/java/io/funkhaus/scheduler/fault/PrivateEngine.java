package io.funkhaus.scheduler.fault;

import io.funkhaus.scheduler.SchedulerFixture;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.docker.DockerEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A container engine of the test's own, to be stopped, killed and started again without harm to the
 * machine's: dockerd and containerd in a mount and network namespace of their own (in the host's
 * one, an engine without a bridge would delete that of the other engine).
 */
public final class PrivateEngine implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(30);

  private final Path root;
  private final Process namespaces;
  private final Process containerd;
  private Process dockerd;

  private PrivateEngine(Path root, String settings) throws IOException {
    this.root = root;
    Files.writeString(root.resolve("e.json"), settings);
    Files.writeString(
        root.resolve("c.toml"),
        """
        version = 2
        root = "%1$s/c"
        state = "%1$s/s"
        [grpc]
        address = "%1$s/c.sock"
        """
            .formatted(root));
    this.namespaces =
        spawn(List.of("unshare", "-m", "-n", "--propagation", "private", "sleep", "900"));
    awaitNamespaces();
    this.containerd =
        spawn(inside("containerd", "--config", root + "/c.toml", "--log-level", "warn"));
    await(() -> Files.exists(root.resolve("c.sock")), "containerd");
    this.dockerd = dockerd();
  }

  /** An engine with the images of these runtimes. */
  static PrivateEngine start(String... images) {
    return with("{}", images);
  }

  /**
   * The same, with settings of its own.
   *
   * @param settings what stands in the engine's daemon.json
   */
  public static PrivateEngine with(String settings, String... images) {
    try {
      PrivateEngine engine =
          new PrivateEngine(Files.createTempDirectory(Path.of("/tmp"), "fe-"), settings);
      engine.awaitAnswer();
      engine.load(images);
      return engine;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Until the holder has left this test's namespaces, nothing may be started in "its" ones. */
  private void awaitNamespaces() {
    await(
        () -> {
          Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
          Path theirs = Files.readSymbolicLink(Path.of("/proc/" + namespaces.pid() + "/ns/net"));
          Path mounts = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
          return !own.equals(theirs)
              && !mounts.equals(
                  Files.readSymbolicLink(Path.of("/proc/" + namespaces.pid() + "/ns/mnt")));
        },
        "own namespaces");
  }

  private List<String> inside(String... command) {
    List<String> whole =
        new ArrayList<>(
            List.of("nsenter", "-t", String.valueOf(namespaces.pid()), "-m", "-n", "--"));
    whole.addAll(List.of(command));
    return whole;
  }

  private Process dockerd() throws IOException {
    return spawn(
        inside(
            "dockerd",
            "--config-file",
            root + "/e.json",
            "--data-root",
            root + "/d",
            "--exec-root",
            root + "/x",
            "--pidfile",
            root + "/d.pid",
            "--host",
            host().toString(),
            "--containerd",
            root + "/c.sock",
            "--bridge",
            "none",
            "--iptables=false",
            "--ip-forward=false"));
  }

  private Process spawn(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(root.resolve("log").toFile()))
        .start();
  }

  private void load(String... images) {
    List<String> save = new ArrayList<>(List.of("docker", "save"));
    save.addAll(List.of(images));
    ProcessBuilder from =
        new ProcessBuilder(save)
            .redirectError(ProcessBuilder.Redirect.appendTo(root.resolve("log").toFile()));
    ProcessBuilder to =
        new ProcessBuilder("docker", "-H", host().toString(), "load")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(root.resolve("log").toFile()));
    try {
      for (Process process : ProcessBuilder.startPipeline(List.of(from, to))) {
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
          throw new AssertionError("the images were not copied\n" + log());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  URI host() {
    return URI.create("unix://" + root + "/d.sock");
  }

  /** A client of it. */
  public ContainerEngine client(Duration deadline) {
    return DockerEngine.at(host(), deadline);
  }

  /** Hangs: connections are taken, nothing is answered. */
  void hang() {
    signal("STOP");
  }

  void goOn() {
    signal("CONT");
  }

  /** As {@code kill -9}: its containers live on. */
  void kill() {
    dockerd.destroyForcibly();
    awaitEnd();
  }

  /** In its proper order: its containers are stopped. */
  void stop() {
    dockerd.destroy();
    awaitEnd();
  }

  /** Again, after {@link #kill} or {@link #stop}. */
  void restart() {
    try {
      dockerd = dockerd();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitAnswer();
  }

  private void awaitAnswer() {
    await(
        () -> {
          try (ContainerEngine client = client(Duration.ofSeconds(2))) {
            return client.ping() != null;
          }
        },
        "dockerd");
  }

  private void awaitEnd() {
    await(() -> !dockerd.isAlive(), "the end of dockerd");
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(dockerd.pid())).start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("dockerd has ended\n" + log());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void await(Condition condition, String what) {
    Awaitility.await()
        .alias(what)
        .atMost(READY)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(condition::holds);
  }

  private String log() {
    try {
      return Files.readString(root.resolve("log"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    dockerd.destroyForcibly();
    awaitEnd();
    containerd.destroyForcibly();
    await(() -> !containerd.isAlive(), "the end of containerd");
    shims().forEach(ProcessHandle::destroyForcibly);
    await(() -> shims().isEmpty(), "the end of the shims");
    namespaces.destroyForcibly();
    await(() -> !namespaces.isAlive(), "the end of the namespaces");
    Awaitility.await()
        .atMost(READY)
        .ignoreExceptions()
        .until(() -> {
          SchedulerFixture.deleteTree(root);
          return true;
        });
  }

  /** The processes of ours that look after one container each. */
  private List<ProcessHandle> shims() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(root + "/c.sock"))
        .filter(ProcessHandle::isAlive)
        .toList();
  }
}
