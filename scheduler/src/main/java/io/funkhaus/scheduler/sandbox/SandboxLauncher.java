package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.Isolation;
import io.funkhaus.scheduler.LanguageRuntime;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.ContainerLimits;
import io.funkhaus.scheduler.engine.ContainerSpec;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.GvisorRuntime;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.scheduler.polling.BusyPolling;
import io.funkhaus.scheduler.time.Ticker;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts containers and makes sandboxes of them, up to the point where the language runtime waits
 * for a function (a stem). Called by the dispatcher's starting threads, several at a time.
 *
 * <p>What must not be broken: whatever fails on the way leaves no container and no directory
 * behind, or leaves them to the remover.
 */
public final class SandboxLauncher {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxLauncher.class);
  private static final int CONNECTIONS = 3;
  private static final long LOOK_EVERY_MILLIS = 500;

  /** What is the same for every sandbox of this service. */
  public record Site(
      Path sandboxes, String instance, String epoch, int hostCpus, String seccompProfile) {}

  /** What is made: a runtime's image behind a wall, with the limits of a stem. */
  public record Order(LanguageRuntime runtime, Isolation isolation, ContainerLimits limits) {}

  private final ContainerEngine engine;
  private final Sandboxes book;
  private final Site site;
  private final Sandbox.Surroundings surroundings;
  private final Ticker ticker;
  private final Remover remover;
  private final SecureRandom random = new SecureRandom();

  public SandboxLauncher(
      ContainerEngine engine,
      Sandboxes book,
      Site site,
      Ticker ticker,
      InstantSource clock,
      SocketWatcher watcher,
      BusyPolling polling,
      Remover remover,
      Consumer<Sandbox> onDestroyed) {
    this.engine = engine;
    this.book = book;
    this.site = site;
    this.ticker = ticker;
    this.remover = remover;
    this.surroundings =
        new Sandbox.Surroundings(
            ticker,
            clock,
            watcher,
            polling,
            site.hostCpus(),
            this::killedForMemory,
            engine::updateLimits,
            this::freezing,
            remover,
            onDestroyed);
  }

  /**
   * Blocks until the stem is there.
   *
   * @param limit for everything together
   * @param whenGone told, exactly once, when nothing is left of it, however it ended
   * @throws EngineException when the engine did not do its part
   * @throws IOException when the container did not connect or its runtime did not boot
   */
  public Sandbox launch(Order order, Duration limit, Runnable whenGone)
      throws EngineException, IOException {
    String id = HexFormat.of().toHexDigits(random.nextLong());
    long deadline = ticker.nanos() + limit.toNanos();
    book.announce(id);
    Unfinished unfinished = new Unfinished(id, whenGone);
    try {
      requireWall(order.isolation());
      SandboxDirectory directory = SandboxDirectory.create(site.sandboxes(), id);
      unfinished.directory = directory;
      Sandbox sandbox = start(unfinished, directory, containerSpec(id, directory, order), deadline);
      unfinished.complete = true;
      return sandbox;
    } finally {
      unfinished.abandon();
    }
  }

  private ContainerSpec containerSpec(String id, SandboxDirectory directory, Order order) {
    return ContainerSpec.harden(
        order.runtime().image(),
        order.limits(),
        directory.task(),
        directory.run(),
        site.seccompProfile(),
        engineRuntime(order.isolation()),
        labels(id, order));
  }

  /** Asked each time: what the engine had when the function was saved may be gone or changed. */
  private void requireWall(Isolation isolation) throws EngineException {
    switch (isolation) {
      case CONTAINER -> {}
      case GVISOR -> GvisorRuntime.require(engine.ping());
    }
  }

  private static String engineRuntime(Isolation isolation) {
    return switch (isolation) {
      case CONTAINER -> "";
      case GVISOR -> GvisorRuntime.NAME;
    };
  }

  private Sandbox start(
      Unfinished unfinished, SandboxDirectory directory, ContainerSpec spec, long deadline)
      throws EngineException, IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(directory.socket()), CONNECTIONS);
      directory.openSocket();
      String container = engine.create(spec);
      unfinished.container = container;
      engine.start(container);
      Connections connections = accept(server, container, deadline, unfinished.accepted);
      directory.unlinkSocket();
      Sandbox sandbox =
          new Sandbox(
              new Sandbox.Identity(unfinished.id, container, unfinished.whenGone),
              directory,
              connections,
              surroundings);
      book.connected(sandbox);
      unfinished.handedOver = true;
      sandbox.awaitBoot(connections.log(), Duration.ofNanos(deadline - ticker.nanos()));
      return sandbox;
    }
  }

  private Map<String, String> labels(String id, Order order) {
    return Map.of(
        Labels.INSTANCE, site.instance(),
        Labels.EPOCH, site.epoch(),
        Labels.SANDBOX, id,
        Labels.RUNTIME, order.runtime().name(),
        Labels.ISOLATION, order.isolation().name().toLowerCase(Locale.ROOT));
  }

  private Connections accept(
      ServerSocketChannel server, String container, long deadline, List<SocketChannel> accepted)
      throws IOException, EngineException {
    server.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      server.register(selector, SelectionKey.OP_ACCEPT);
      while (accepted.size() < CONNECTIONS) {
        SocketChannel connection = server.accept();
        if (connection != null) {
          accepted.add(connection);
          continue;
        }
        awaitConnection(selector, container, deadline);
      }
    }
    accepted.get(0).configureBlocking(false);
    accepted.get(2).configureBlocking(false);
    return new Connections(accepted.get(0), accepted.get(1), accepted.get(2));
  }

  private void awaitConnection(Selector selector, String container, long deadline)
      throws IOException, EngineException {
    if (ticker.nanos() - deadline >= 0) {
      throw new IOException(
          "container " + container + " did not connect in time: is its image one of ours?");
    }
    selector.selectedKeys().clear();
    if (selector.select(LOOK_EVERY_MILLIS) == 0 && !engine.inspect(container).running()) {
      throw new IOException("container " + container + " ended before it connected");
    }
  }

  private Freezer.Means freezing(String container) {
    Optional<FreezerFile> file = FreezerFile.of(container);
    return file.isPresent() ? file.get() : new EngineFreezer(engine, container);
  }

  private boolean killedForMemory(String container) {
    try {
      return engine.inspect(container).outOfMemory();
    } catch (EngineException e) {
      LOG.warn("event=inspect_failed container={} error=\"{}\"", container, e.getMessage());
      return false;
    }
  }

  /** A launch on its way: knows what has to be cleared away when it fails. */
  private final class Unfinished {
    final String id;
    final Runnable whenGone;
    final List<SocketChannel> accepted = new ArrayList<>(CONNECTIONS);
    @Nullable SandboxDirectory directory;
    @Nullable String container;
    boolean handedOver;
    boolean complete;

    Unfinished(String id, Runnable whenGone) {
      this.id = id;
      this.whenGone = whenGone;
    }

    /** A sandbox that exists has itself cleared away; before that, it is done from here. */
    void abandon() {
      if (!complete && !handedOver) {
        remover.remove(new Remains(id, container, this::tidy, whenGone));
      }
    }

    private void tidy() throws IOException {
      for (SocketChannel connection : accepted) {
        connection.close();
      }
      if (directory != null) {
        directory.delete();
      }
    }
  }
}
