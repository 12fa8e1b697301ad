package io.funkhaus.bench.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Every process that the driver starts. None outlives it: {@link #close} ends them, and their ids
 * are in files from which the launcher ends them when the driver itself was killed.
 */
public final class Children implements AutoCloseable {
  private static final Duration TO_END = Duration.ofSeconds(3);

  private final Path directory;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();

  public Children(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** A process that goes on until it is ended, its output in a file. */
  public Process start(List<String> command, Map<String, String> environment, Path output)
      throws IOException {
    return register(builder(command, environment).redirectOutput(output.toFile()).start());
  }

  /** Runs a command to its end; what it printed, whatever its exit code. */
  public String output(List<String> command, Map<String, String> environment, Duration timeout)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile(directory, "output", ".txt");
    Process process = start(command, environment, file);
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            command.getFirst() + " did not end within " + timeout.toSeconds() + " s");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } finally {
      end(process);
      Files.deleteIfExists(file);
    }
  }

  /** Runs a command that must succeed; what it printed. */
  public String run(List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile(directory, "output", ".txt");
    Process process = start(command, Map.of(), file);
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            command.getFirst() + " did not end within " + timeout.toSeconds() + " s");
      }
      String output = Files.readString(file, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException(
            command.getFirst() + " ended with " + process.exitValue() + ": " + lastLines(output));
      }
      return output;
    } finally {
      end(process);
      Files.deleteIfExists(file);
    }
  }

  private static String lastLines(String output) {
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    return String.join(" / ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
  }

  private static ProcessBuilder builder(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.environment().putAll(environment);
    return builder;
  }

  private Process register(Process process) throws IOException {
    running.add(process);
    Files.writeString(
        pidFile(process), ProcessStat.of(process.pid()).map(ProcessStat::identity).orElse(""));
    return process;
  }

  private Path pidFile(Process process) {
    return directory.resolve(process.pid() + ".pid");
  }

  public void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(pidFile(process));
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException ignored) {
      // A file that names a process which is gone harms nobody.
    }
    running.remove(process);
  }

  @Override
  public void close() {
    running.forEach(this::end);
  }
}
