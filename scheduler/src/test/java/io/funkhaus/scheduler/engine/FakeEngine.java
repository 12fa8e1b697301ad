package io.funkhaus.scheduler.engine;

import io.funkhaus.scheduler.engine.EngineException.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An engine without containers: what it "starts" is a {@link FakeRuntime} in this process, which
 * speaks the real protocol over the real socket. Can be told to be gone.
 */
public final class FakeEngine implements ContainerEngine {
  private final Map<String, Container> containers = new ConcurrentHashMap<>();
  private final Set<String> images = new ConcurrentSkipListSet<>();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger starting = new AtomicInteger();
  private final AtomicInteger mostStarting = new AtomicInteger();
  private final FakeFunction function;
  private volatile boolean gone;
  private volatile Map<String, List<String>> runtimes = Map.of();

  public FakeEngine(FakeFunction function, String... images) {
    this.function = function;
    this.images.addAll(List.of(images));
  }

  /** One container: created, then running, then ended. */
  private static final class Container {
    final ContainerSpec spec;
    volatile @Nullable FakeRuntime runtime;

    Container(ContainerSpec spec) {
      this.spec = spec;
    }

    boolean running() {
      FakeRuntime own = runtime;
      return own != null && own.alive();
    }

    void pause(boolean paused) {
      FakeRuntime own = runtime;
      if (own != null) {
        own.pause(paused);
      }
    }

    void end() {
      FakeRuntime own = runtime;
      if (own != null) {
        own.kill();
      }
    }

    boolean paused() {
      FakeRuntime own = runtime;
      return own != null && own.paused();
    }

    Path socket() {
      return spec.binds().stream()
          .filter(bind -> bind.container().equals("/run/fn"))
          .findFirst()
          .orElseThrow()
          .host()
          .resolve("fn.sock");
    }
  }

  // ---- what tests do to it ----

  /** From now on it does not answer (or does again). */
  public void gone(boolean isGone) {
    gone = isGone;
  }

  /** From now on it has these besides its own, with their arguments. */
  public void runtimes(Map<String, List<String>> all) {
    runtimes = all;
  }

  /** What each container that is there was to be made with; empty for the engine's own. */
  public List<String> runtimesInUse() {
    return containers.values().stream().map(container -> container.spec.runtime()).toList();
  }

  /** Kills a container behind the scheduler's back. */
  public void killFromOutside(String container) {
    Container victim = containers.get(container);
    if (victim == null) {
      throw new IllegalArgumentException("no such container: " + container);
    }
    victim.end();
  }

  /** Does not know a container any more whose processes live on. */
  public void lose(String container) {
    if (containers.remove(container) == null) {
      throw new IllegalArgumentException("no such container: " + container);
    }
  }

  /** How many of its containers are paused now. */
  public long paused() {
    return containers.values().stream().filter(Container::paused).count();
  }

  public int made() {
    return made.get();
  }

  public int mostAtTheSameTime() {
    return mostStarting.get();
  }

  public int present() {
    return containers.size();
  }

  // ---- the engine ----

  @Override
  public String create(ContainerSpec spec) throws EngineException {
    answer();
    if (!images.contains(spec.image())) {
      throw new EngineException(Kind.NOT_FOUND, "no such image: " + spec.image());
    }
    if (!spec.runtime().isEmpty() && !runtimes.containsKey(spec.runtime())) {
      throw new EngineException(Kind.REFUSED, "unknown runtime: " + spec.runtime());
    }
    String id = "fake-" + made.incrementAndGet();
    containers.put(id, new Container(spec));
    return id;
  }

  @Override
  public void start(String id) throws EngineException {
    answer();
    Container container = find(id);
    mostStarting.accumulateAndGet(starting.incrementAndGet(), Math::max);
    container.runtime = FakeRuntime.start(container.socket(), function, starting::decrementAndGet);
  }

  @Override
  public void pause(String id) throws EngineException {
    answer();
    find(id).pause(true);
  }

  @Override
  public void unpause(String id) throws EngineException {
    answer();
    find(id).pause(false);
  }

  @Override
  public void remove(String id) throws EngineException {
    answer();
    Container container = containers.remove(id);
    if (container != null) {
      container.end();
    }
  }

  @Override
  public ContainerState inspect(String id) throws EngineException {
    answer();
    Container container = find(id);
    return new ContainerState(container.running(), 0, false);
  }

  @Override
  public List<ContainerListing> list(Map<String, String> labels) throws EngineException {
    answer();
    return containers.entrySet().stream()
        .filter(e -> e.getValue().spec.labels().entrySet().containsAll(labels.entrySet()))
        .map(e ->
            new ContainerListing(e.getKey(), e.getValue().spec.labels(), e.getValue().running()))
        .toList();
  }

  @Override
  public void updateLimits(String id, ContainerLimits limits) throws EngineException {
    answer();
    find(id);
  }

  @Override
  public boolean hasImage(String image) throws EngineException {
    answer();
    return images.contains(image);
  }

  @Override
  public EngineInfo ping() throws EngineException {
    answer();
    return new EngineInfo("fake", "1", runtimes);
  }

  @Override
  public void close() {
    containers.values().forEach(Container::end);
  }

  private void answer() throws EngineException {
    if (gone) {
      throw new EngineException(Kind.UNAVAILABLE, "the engine does not answer");
    }
  }

  private Container find(String id) throws EngineException {
    Container container = containers.get(id);
    if (container == null) {
      throw new EngineException(Kind.NOT_FOUND, "no such container: " + id);
    }
    return container;
  }
}
