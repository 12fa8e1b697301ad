package io.funkhaus.bench.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the figures depend on: the machine, and the version of everything. */
public final class Machine {
  private static final Duration ASKED = Duration.ofSeconds(20);

  private Machine() {}

  public static Map<String, String> describe(Children children, Path root, Path peers)
      throws InterruptedException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("CPU", cpus() + " × " + cpuModel());
    facts.put("memory", memory());
    facts.put("kernel", said(children, "uname", "-sr"));
    facts.put(
        "container engine",
        said(children, "docker", "version", "--format", "{{.Server.Version}}")
            + ", runc "
            + said(
                children, "sh", "-c", "runc --version 2>/dev/null | sed -n 's/runc version //p'"));
    facts.put("Java", Runtime.version().toString());
    facts.put(
        "Node.js (sandboxes, bare server, functions-framework)",
        said(children, peers.resolve("node").toString(), "--version"));
    facts.put("workerd", said(children, peers.resolve("workerd.bin").toString(), "--version"));
    facts.put(
        "functions-framework",
        version(peers.resolve("node_modules/@google-cloud/functions-framework/package.json")));
    facts.put(
        "wrk", said(children, "sh", "-c", "wrk -v 2>&1 | sed -n '1s/^wrk \\([^ ]*\\).*/\\1/p'"));
    facts.put(
        "commit",
        said(
            children,
            "git",
            "-C",
            root.toString(),
            "describe",
            "--always",
            "--dirty",
            "--exclude",
            "*"));
    return facts;
  }

  private static int cpus() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static String cpuModel() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException unreadable) {
      return System.getProperty("os.arch");
    }
  }

  private static String memory() {
    try {
      return Math.round(Processes.memory("MemTotal") / 1e9) + " GB";
    } catch (IOException unreadable) {
      return "unknown";
    }
  }

  private static String version(Path packageJson) {
    try {
      return Files.readAllLines(packageJson).stream()
          .filter(line -> line.contains("\"version\""))
          .map(line -> line.replaceAll(".*: *\"([^\"]*)\".*", "$1"))
          .findFirst()
          .orElse("unknown");
    } catch (IOException unreadable) {
      return "unknown";
    }
  }

  private static String said(Children children, String... command) throws InterruptedException {
    try {
      return children.run(List.of(command), ASKED).strip();
    } catch (IOException notThere) {
      return "unknown";
    }
  }
}
