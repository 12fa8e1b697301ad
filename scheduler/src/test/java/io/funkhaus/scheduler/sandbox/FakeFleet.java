package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.funkhaus.scheduler.Architecture;
import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.ContainerSpec;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.FakeEngine;
import io.funkhaus.scheduler.engine.FakeFunction;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.scheduler.engine.SeccompProfile;
import io.funkhaus.scheduler.polling.BusyPolling;
import io.funkhaus.scheduler.time.HandMovedTicker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Real sandboxes on an engine without containers, for tests of one part without a scheduler. */
public final class FakeFleet implements AutoCloseable {
  public static final String INSTANCE = "ours";
  private static final String IMAGE = "fake:dev";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  public final FakeEngine engine;
  public final Sandboxes book = new Sandboxes();
  public final Remover remover;
  public final Path directory;
  private final SocketWatcher watcher = new SocketWatcher();
  private final SandboxLauncher launcher;

  public FakeFleet(FakeFunction function) throws IOException {
    HandMovedTicker ticker = new HandMovedTicker();
    this.engine = new FakeEngine(function, IMAGE);
    this.remover = new Remover(engine, book);
    this.directory = Files.createTempDirectory(Path.of("/tmp"), "fn-t-");
    this.launcher =
        new SandboxLauncher(
            engine,
            book,
            new SandboxLauncher.Site(sandboxes(), INSTANCE, "1", 1, SeccompProfile.load()),
            ticker,
            InstantSource.system(),
            watcher,
            new BusyPolling(1, ticker),
            remover,
            sandbox -> {});
    watcher.start();
  }

  /** The parent of the sandboxes' directories. */
  public Path sandboxes() {
    return directory.resolve("sandboxes");
  }

  public Sandbox stem() throws EngineException, IOException {
    return launcher.launch(
        new SandboxLauncher.Order(
            new LanguageRuntime("nodejs22.x", Architecture.X86_64, IMAGE),
            Isolation.CONTAINER,
            ContainerLimits.of(64, 1)),
        LIMIT,
        () -> {});
  }

  /** A container in which no sandbox of the book is. */
  public String stray(String instance) throws EngineException {
    return engine.create(
        ContainerSpec.harden(
            IMAGE,
            ContainerLimits.of(64, 1),
            directory,
            directory,
            SeccompProfile.load(),
            "",
            Map.of(Labels.INSTANCE, instance, Labels.SANDBOX, "stray")));
  }

  @Override
  public void close() throws IOException {
    book.connected().forEach(sandbox -> sandbox.destroy(DestroyReason.SHUTDOWN));
    try {
      assertThat(remover.awaitNone(LIMIT)).as("all sandboxes are gone").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    remover.close();
    watcher.close();
    engine.close();
    SandboxDirectory.deleteTree(directory);
  }
}
