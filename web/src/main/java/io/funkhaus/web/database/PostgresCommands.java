package io.funkhaus.web.database;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's own programs, each with a deadline.
 *
 * <p>PostgreSQL refuses to run as root. Root therefore starts it in a user namespace of its own
 * ({@code unshare -U}), where it is nobody: it keeps the access to its files and has no other
 * privilege.
 */
final class PostgresCommands {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresCommands.class);

  private final Path binaries;
  private final Path output;

  /**
   * @param output file that gets what the programs print
   */
  PostgresCommands(Path binaries, Path output) {
    this.binaries = binaries;
    this.output = output;
  }

  void initialise(Path cluster, String superuser, Path passwordFile) throws IOException {
    run(
        120,
        "initdb",
        List.of(
            "--pgdata=" + cluster,
            "--username=" + superuser,
            "--pwfile=" + passwordFile,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions"));
  }

  /** Returns when the server accepts connections, recovery after a crash included. */
  void start(Path cluster) throws IOException {
    run(
        75,
        "pg_ctl",
        List.of("start", "--pgdata=" + cluster, "--wait", "--timeout=60", "--silent"));
  }

  /**
   * Ends the server after a checkpoint; at once when that takes too long (it recovers by itself).
   */
  void stop(Path cluster) {
    try {
      stop(cluster, "fast", 15);
    } catch (IOException slow) {
      LOG.warn("event=postgres_stop_slow detail=\"{}\"", slow.getMessage());
      try {
        stop(cluster, "immediate", 5);
      } catch (IOException stuck) {
        LOG.error("event=postgres_stop_failed detail=\"{}\"", stuck.getMessage());
      }
    }
  }

  private void stop(Path cluster, String mode, int seconds) throws IOException {
    run(
        seconds + 5,
        "pg_ctl",
        List.of("stop", "--pgdata=" + cluster, "--mode=" + mode, "--wait", "--timeout=" + seconds));
  }

  private void run(int seconds, String program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("unshare", "--user"));
    }
    command.add(binaries.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(program + " did not end within " + seconds + " s");
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(program + " was interrupted", interrupted);
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          program + " ended with status " + process.exitValue() + ": " + lastLine());
    }
  }

  private String lastLine() throws IOException {
    return Files.readString(output)
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((earlier, later) -> later)
        .orElse("no output")
        .strip();
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }
}
