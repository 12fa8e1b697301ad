package io.funkhaus.scheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The docker command, for what tests look at or do to a container behind the scheduler's back. */
public final class Docker {
  private Docker() {}

  /** Everything the engine tells of a container, as JSON text. */
  public static String inspect(String container) {
    return run("inspect", container);
  }

  /** The host's process id of a container's first process. */
  public static long pid(String container) {
    return Long.parseLong(run("inspect", "--format", "{{.State.Pid}}", container).strip());
  }

  public static String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(command + " ended with " + status + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
