package io.funkhaus.scheduler;

import io.funkhaus.scheduler.dispatch.SandboxScheduler;
import io.funkhaus.scheduler.dispatch.SchedulerSettings;
import io.funkhaus.scheduler.dispatch.SchedulerSnapshot.PoolSnapshot;
import io.funkhaus.scheduler.engine.ContainerEngine;
import io.funkhaus.scheduler.engine.ContainerListing;
import io.funkhaus.scheduler.engine.EngineException;
import io.funkhaus.scheduler.engine.Labels;
import io.funkhaus.scheduler.engine.docker.DockerEngine;
import io.funkhaus.scheduler.stem.StemCount;
import io.funkhaus.scheduler.stem.StemSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The production scheduler on a real Docker engine, with functions written inline by the test.
 * Every fixture is an installation of its own: it sees and removes only its own containers.
 *
 * <pre>
 *   try (SchedulerFixture platform = SchedulerFixture.start()) {
 *     SandboxSpec hello = platform.node("exports.handler = async e =&gt; 'Hello, ' + e.name").spec();
 *     Outcome outcome = platform.invoke(hello, "{\"name\":\"Alice\"}");
 *   }
 * </pre>
 */
public final class SchedulerFixture implements AutoCloseable {
  private static final long BUDGET_BYTES = 4L << 30;
  private static final Duration ENGINE_DEADLINE = Duration.ofSeconds(20);

  private final Path data;
  private final String instance;
  private final Supplier<ContainerEngine> engines;
  private final RuntimeCatalog runtimes;
  private final ContainerEngine engine;
  private final Path bundles;
  private final Set<String> created = ConcurrentHashMap.newKeySet();
  private final AtomicInteger making = new AtomicInteger();
  private final AtomicInteger mostMadeAtOnce = new AtomicInteger();
  private int stemFloor;
  private SandboxScheduler scheduler;

  private SchedulerFixture(
      Supplier<ContainerEngine> engines,
      RuntimeCatalog runtimes,
      UnaryOperator<SchedulerSettings> change)
      throws IOException {
    this.engines = engines;
    this.runtimes = runtimes;
    this.data = Files.createTempDirectory(Path.of("/tmp"), "fn-it-");
    this.bundles = Files.createDirectory(data.resolve("bundles"));
    this.instance = "it-" + UUID.randomUUID();
    this.engine = engines.get();
    this.scheduler = scheduler(change);
  }

  /** With a budget of 4 GB, the default limits, and containers made only when they are needed. */
  public static SchedulerFixture start() {
    return start(UnaryOperator.identity());
  }

  public static SchedulerFixture start(UnaryOperator<SchedulerSettings> change) {
    return start(SchedulerFixture::dockerEngine, change);
  }

  /** On another engine than the usual one; each client of it is made anew. */
  public static SchedulerFixture start(
      Supplier<ContainerEngine> engines, UnaryOperator<SchedulerSettings> change) {
    return start(engines, new Images(), change);
  }

  /** With as many stems in stock as in production, never more, of Node.js 22 alone. */
  public static SchedulerFixture withStems() {
    return withStems(SchedulerFixture::dockerEngine);
  }

  public static SchedulerFixture withStems(Supplier<ContainerEngine> engines) {
    int floor = StemSettings.DEFAULT.floor();
    return start(
        engines,
        new Images("nodejs22.x"),
        settings -> settings.with(StemSettings.DEFAULT.with(floor, floor, floor)));
  }

  private static SchedulerFixture start(
      Supplier<ContainerEngine> engines,
      RuntimeCatalog runtimes,
      UnaryOperator<SchedulerSettings> change) {
    try {
      SchedulerFixture fixture = new SchedulerFixture(engines, runtimes, change);
      fixture.scheduler.start();
      return fixture;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A Docker engine of the test's own choosing by DOCKER_HOST, else the usual socket. */
  public static ContainerEngine dockerEngine() {
    String host = System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
    return DockerEngine.at(URI.create(host), ENGINE_DEADLINE);
  }

  private SandboxScheduler scheduler(UnaryOperator<SchedulerSettings> change) {
    SchedulerSettings settings =
        change.apply(
            SchedulerSettings.of(instance, data, BUDGET_BYTES).with(StemSettings.NONE_AHEAD));
    stemFloor = settings.stems().floor();
    return new SandboxScheduler(settings, recording(engines.get()), runtimes, this::bundle);
  }

  /** The same engine, whose new containers are written down. */
  private ContainerEngine recording(ContainerEngine real) {
    return (ContainerEngine)
        Proxy.newProxyInstance(
            ContainerEngine.class.getClassLoader(),
            new Class<?>[] {ContainerEngine.class},
            (proxy, method, arguments) -> {
              boolean makes = Set.of("create", "start").contains(method.getName());
              try {
                if (makes) {
                  mostMadeAtOnce.accumulateAndGet(making.incrementAndGet(), Math::max);
                }
                Object answer = method.invoke(real, arguments);
                if (method.getName().equals("create")) {
                  created.add((String) answer);
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                making.addAndGet(makes ? -1 : 0);
              }
            });
  }

  /** The images that `./funkhaus up` builds. */
  public static final class Images implements RuntimeCatalog {
    private final List<LanguageRuntime> all;

    public Images() {
      this("nodejs22.x", "nodejs20.x", "python3.11");
    }

    /** Only some of them. */
    Images(String... runtimes) {
      this.all = Stream.of(runtimes).map(Images::runtime).toList();
    }

    private static LanguageRuntime runtime(String name) {
      return new LanguageRuntime(name, Architecture.X86_64, "funkhaus/sandbox-" + name + ":dev");
    }

    @Override
    public Optional<LanguageRuntime> find(String name, Architecture architecture) {
      return all.stream().filter(runtime -> runtime.name().equals(name)).findFirst();
    }

    @Override
    public List<LanguageRuntime> all() {
      return all;
    }
  }

  // ---- functions ----

  /** A function whose only file is index.js. */
  public Function node(String source) {
    return new Function("nodejs22.x", "index.handler").file("index.js", source);
  }

  /** A function whose only file is main.py. */
  public Function python(String source) {
    return new Function("python3.11", "main.handler").file("main.py", source);
  }

  /** A function to be: change what matters, then take its {@link #spec}. */
  public final class Function {
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final String runtime;
    private String handler;
    private String tenant = "123456789012";
    private String name = "hello";
    private String version = "1";
    private int memoryMegabytes = 128;
    private Duration timeout = Duration.ofSeconds(10);
    private Isolation isolation = Isolation.CONTAINER;
    private int concurrency = 1;

    private Function(String runtime, String handler) {
      this.runtime = runtime;
      this.handler = handler;
    }

    public Function file(String path, String text) {
      return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Programs (files that begin as ELF or as a script do) are made executable. */
    public Function file(String path, byte[] content) {
      files.put(path, content);
      return this;
    }

    public Function file(String path, Path content) {
      try {
        return file(path, Files.readAllBytes(content));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public Function handler(String newHandler) {
      handler = newHandler;
      return this;
    }

    public Function tenant(String newTenant) {
      tenant = newTenant;
      return this;
    }

    public Function name(String newName) {
      name = newName;
      return this;
    }

    public Function version(String newVersion) {
      version = newVersion;
      return this;
    }

    public Function memory(int megabytes) {
      memoryMegabytes = megabytes;
      return this;
    }

    public Function timeout(Duration newTimeout) {
      timeout = newTimeout;
      return this;
    }

    public Function isolation(Isolation newIsolation) {
      isolation = newIsolation;
      return this;
    }

    /** So many invocations in one sandbox at the same time. */
    public Function concurrency(int invocations) {
      concurrency = invocations;
      return this;
    }

    public Function variable(String key, String value) {
      environment.put(key, value);
      return this;
    }

    public SandboxSpec spec() {
      return new SandboxSpec(
          tenant,
          name,
          version,
          runtime,
          Architecture.X86_64,
          store(tenant, files),
          handler,
          memoryMegabytes,
          timeout,
          isolation,
          concurrency,
          environment);
    }
  }

  private String store(String tenant, Map<String, byte[]> files) {
    String code = hash(files);
    Path root = bundle(tenant, code);
    if (Files.isDirectory(root)) {
      return code;
    }
    try {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path target = root.resolve(file.getKey());
        Files.createDirectories(target.getParent());
        Files.write(target, file.getValue());
        Files.setPosixFilePermissions(
            target,
            PosixFilePermissions.fromString(program(file.getValue()) ? "r-xr-xr-x" : "r--r--r--"));
      }
      return code;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean program(byte[] content) {
    return content.length > 2
        && ((content[0] == 0x7f && content[1] == 'E') || (content[0] == '#' && content[1] == '!'));
  }

  private static String hash(Map<String, byte[]> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach((path, content) -> {
        digest.update((path + "\0" + content.length + "\0").getBytes(StandardCharsets.UTF_8));
        digest.update(content);
      });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path bundle(String tenant, String code) {
    return bundles.resolve(tenant).resolve(code);
  }

  // ---- running ----

  public SandboxScheduler scheduler() {
    return scheduler;
  }

  /** An engine to look with, not the scheduler's own. */
  public ContainerEngine engine() {
    return engine;
  }

  public Path data() {
    return data;
  }

  public Outcome invoke(SandboxSpec spec, String event) {
    return invoke(spec, event.getBytes(StandardCharsets.UTF_8), LogListener.NONE);
  }

  public Outcome invoke(SandboxSpec spec, byte[] event, LogListener listener) {
    return scheduler.invoke(spec, new Invocation(UUID.randomUUID(), event, new byte[0], listener));
  }

  /** Sandboxes that run an invocation now. */
  public int busy() {
    return scheduler.snapshot().pools().stream().mapToInt(PoolSnapshot::busy).sum();
  }

  /** Stems in stock now. */
  public int stems() {
    return scheduler.snapshot().stems().stream().mapToInt(StemCount::ready).sum();
  }

  /** How many stems of each runtime are to be in stock. */
  public int stemFloor() {
    return stemFloor;
  }

  /** How many containers the engine is just being asked to create or start. */
  public int making() {
    return making.get();
  }

  /** Every container that the scheduler has had made since the fixture's start. */
  public Set<String> created() {
    return Set.copyOf(created);
  }

  /** How many containers the engine was asked to create or start at the same time, at most. */
  public int mostMadeAtOnce() {
    return mostMadeAtOnce.get();
  }

  /** The containers of this fixture, as the engine has them. */
  public List<ContainerListing> containers() {
    try {
      return engine.list(Map.of(Labels.INSTANCE, instance));
    } catch (EngineException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The containers of one function. */
  public List<ContainerListing> containers(SandboxSpec spec) {
    Set<String> own = scheduler.containers(spec);
    return containers().stream().filter(container -> own.contains(container.container())).toList();
  }

  /**
   * A second scheduler of the same installation, as after a restart; the first one is left to
   * itself as a killed process would leave it.
   */
  public SandboxScheduler restarted() {
    SandboxScheduler abandoned = scheduler;
    scheduler = scheduler(UnaryOperator.identity());
    scheduler.start();
    return abandoned;
  }

  @Override
  public void close() {
    scheduler.close();
    engine.close();
    deleteTree(data);
  }

  /** Deletes a directory with all below it. */
  public static void deleteTree(Path root) {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
