package io.funkhaus.bench.host;

import io.funkhaus.bench.load.HttpConnection;
import io.funkhaus.bench.load.Reply;
import io.funkhaus.bench.load.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server on this machine; those that Funkhaus is compared with run until the driver ends. */
public record Peer(String name, String url, long pid) {
  private static final Duration TO_START = Duration.ofSeconds(20);
  static final String GREETING = "\"Hello, Alice!\"";

  /** The three, one after the other; {@code directory} is where the launcher has installed them. */
  public static List<Peer> startAll(Children children, Path directory, Path log)
      throws IOException, InterruptedException {
    Path node = directory.resolve("node");
    return List.of(
        start(
            "bare Node.js",
            children,
            log,
            port -> List.of(node.toString(), directory.resolve("bare.cjs").toString(), "" + port)),
        start(
            "functions-framework",
            children,
            log,
            port ->
                List.of(
                    node.toString(),
                    directory
                        .resolve("node_modules/@google-cloud/functions-framework/build/src/main.js")
                        .toString(),
                    "--target=greet",
                    "--source=" + directory.resolve("functions-framework"),
                    "--port=" + port)),
        start(
            "workerd",
            children,
            log,
            port ->
                List.of(
                    directory.resolve("workerd.bin").toString(),
                    "serve",
                    directory.resolve("workerd/config.capnp").toString(),
                    "--socket-addr=http=127.0.0.1:" + port)));
  }

  private interface Command {
    List<String> on(int port);
  }

  private static Peer start(String name, Children children, Path log, Command command)
      throws IOException, InterruptedException {
    int port = Funkhaus.freePort();
    Path output = log.resolve("peer-" + name.replaceAll("[^a-z]", "") + ".log");
    Process process = children.start(command.on(port), Map.of("NODE_ENV", "production"), output);
    awaitGreeting(name, Request.post(port, "/", "none", "{\"name\":\"Alice\"}"), process);
    return new Peer(name, "http://127.0.0.1:" + port + "/", process.pid());
  }

  private static void awaitGreeting(String name, Request request, Process process)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + TO_START.toNanos();
    while (true) {
      try {
        requireGreeting(name, HttpConnection.once(request, Duration.ofSeconds(5)));
        return;
      } catch (IOException notYet) {
        if (System.nanoTime() - until > 0 || !process.isAlive()) {
          throw new IOException(name + " did not start: " + notYet.getMessage());
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  /** CPU time since its start. */
  public double cpuSeconds() throws IOException {
    return ProcessStat.of(pid)
            .map(ProcessStat::ticks)
            .orElseThrow(() -> new IOException(name + " has ended"))
        / (double) ProcessStat.TICKS_PER_SECOND;
  }

  /** All servers do the same work, or the comparison is worth nothing. */
  public static void requireGreeting(String name, Reply reply) throws IOException {
    if (!reply.ok() || !reply.body().equals(GREETING)) {
      throw new IOException(name + " answered " + reply.status() + " " + reply.body());
    }
  }
}
