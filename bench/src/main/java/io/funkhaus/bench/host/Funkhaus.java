package io.funkhaus.bench.host;

import io.funkhaus.bench.load.HttpConnection;
import io.funkhaus.bench.load.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * The service that is measured: started and stopped with {@code ./funkhaus up} and {@code down} in
 * a data directory of its own, as everybody starts it.
 */
public final class Funkhaus implements AutoCloseable {
  /**
   * More sandboxes than fit by their limits stand idle in the density measurement; what they really
   * take is the figure.
   */
  private static final String MEMORY_BUDGET = "100G";

  private static final Duration UP = Duration.ofMinutes(4);
  private static final Duration DOWN = Duration.ofMinutes(2);
  private static final Duration ASKED = Duration.ofSeconds(20);

  private final Children children;
  private final Path launcher;
  private final Path data;
  private final Path log;
  private final int port = freePort();
  private final int managementPort = freePort();

  public Funkhaus(Children children, Path root, Path data, Path log) throws IOException {
    this.children = children;
    this.launcher = root.resolve("funkhaus");
    this.data = data;
    this.log = log;
  }

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The settings that are not the defaults. */
  public static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("FUNKHAUS_MEMORY_BUDGET", MEMORY_BUDGET);
    return settings;
  }

  public int port() {
    return port;
  }

  public Path data() {
    return data;
  }

  /**
   * Starts the service.
   *
   * @return seconds from the start of its process until it said that it is ready
   */
  public double up() throws IOException, InterruptedException {
    Files.deleteIfExists(data.resolve("service.pid"));
    Process up = children.start(launcher("up"), settings(), log.resolve("bench-up.log"));
    try {
      long until = System.nanoTime() + UP.toNanos();
      while (System.nanoTime() - until < 0) {
        OptionalDouble ready = readySeconds();
        if (ready.isPresent()) {
          up.waitFor(60, TimeUnit.SECONDS);
          return ready.getAsDouble();
        }
        if (!up.isAlive() && up.exitValue() != 0) {
          throw new IOException("./funkhaus up failed: " + tail(log.resolve("bench-up.log")));
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
      throw new IOException("the service was not ready after " + UP.toSeconds() + " s");
    } finally {
      children.end(up);
    }
  }

  private OptionalDouble readySeconds() throws IOException {
    if (!Files.exists(data.resolve("service.pid")) || !ready()) {
      return OptionalDouble.empty();
    }
    double now = Processes.uptime();
    long pid = pid();
    return ProcessStat.of(pid)
        .map(stat ->
            OptionalDouble.of(now - stat.startTicks() / (double) ProcessStat.TICKS_PER_SECOND))
        .orElse(OptionalDouble.empty());
  }

  public boolean ready() {
    try {
      return HttpConnection.once(
              Request.get(managementPort, "/actuator/health/readiness"), Duration.ofSeconds(3))
          .ok();
    } catch (IOException notYet) {
      return false;
    }
  }

  public void down() throws IOException, InterruptedException {
    Process down = children.start(launcher("down"), settings(), log.resolve("bench-down.log"));
    try {
      if (!down.waitFor(DOWN.toMillis(), TimeUnit.MILLISECONDS) || down.exitValue() != 0) {
        throw new IOException("./funkhaus down failed: " + tail(log.resolve("bench-down.log")));
      }
    } finally {
      children.end(down);
    }
  }

  private List<String> launcher(String command) {
    return List.of(
        launcher.toString(),
        command,
        "--data",
        data.toString(),
        "--port",
        Integer.toString(port),
        "--management-port",
        Integer.toString(managementPort));
  }

  private static String tail(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    return String.join(" / ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  public long pid() throws IOException {
    return Long.parseLong(Files.readString(data.resolve("service.pid")).split(" ", 2)[0].strip());
  }

  /** The process id of its PostgreSQL. */
  public long postgresPid() throws IOException {
    return Long.parseLong(
        Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst().strip());
  }

  /**
   * Sum of a metric.
   *
   * @param labels {@code name="value"} of those that count, empty for all
   */
  public double metric(String name, String... labels) throws IOException {
    List<String> lines =
        HttpConnection.once(Request.get(managementPort, "/actuator/prometheus"), ASKED)
            .body()
            .lines()
            .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
            .filter(line -> List.of(labels).stream().allMatch(line::contains))
            .toList();
    if (lines.isEmpty()) {
      throw new IOException("the service has no metric " + name + List.of(labels));
    }
    return lines.stream()
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** What is polled until it holds. */
  public interface Condition {
    boolean holds() throws IOException;
  }

  /** Polls until the condition holds; the metrics it asks for cost some CPU, so not too often. */
  public static void await(String what, Condition condition, Duration timeout)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + timeout.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - until > 0) {
        throw new IOException("after " + timeout.toSeconds() + " s still not: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(150);
    }
  }

  /** CPU time of the service and of its PostgreSQL, without the sandboxes. */
  public double cpuSeconds() throws IOException {
    long ticks = ProcessStat.of(pid()).map(ProcessStat::ticks).orElse(0L) + postgresTicks();
    return ticks / (double) ProcessStat.TICKS_PER_SECOND;
  }

  /** CPU time of all of its PostgreSQL's processes, also of those that have ended. */
  public long postgresTicks() throws IOException {
    long postgres = postgresPid();
    long ticks = 0;
    for (ProcessStat stat : Processes.withChildren(postgres)) {
      ticks += stat.ticks() + (stat.pid() == postgres ? stat.childTicks() : 0);
    }
    return ticks;
  }

  /** Whether it was started from a class cache, which {@code down} makes after the first run. */
  public boolean hasClassCache() throws IOException {
    return Files.readString(Path.of("/proc", "" + pid(), "cmdline")).contains("-XX:AOTCache=");
  }

  /** Marks its containers. */
  public String instance() throws IOException {
    return Files.readString(data.resolve("instance")).strip();
  }

  @Override
  public void close() {
    try {
      if (Files.exists(data.resolve("service.pid"))) {
        down();
      }
    } catch (IOException failed) {
      System.err.println("The service of the benchmark did not stop: " + failed.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
