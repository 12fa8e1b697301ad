package io.funkhaus.scheduler.sandbox;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's file that stops and resumes a container's processes: a tenth of a millisecond, where
 * the engine's API takes ten. Not kept open, and not written through a channel: an interrupt must
 * not keep it from being written.
 */
record FreezerFile(Path file, String frozen, String thawed) implements Freezer.Means {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final List<String> PLACES =
      List.of("docker/%s", "system.slice/docker-%s.scope", "docker.slice/docker-%s.scope");

  /** That of a running container; empty where the host's control groups are not seen. */
  static Optional<FreezerFile> of(String container) {
    for (String place : PLACES) {
      String directory = place.formatted(container);
      Path old = ROOT.resolve("freezer").resolve(directory).resolve("freezer.state");
      if (Files.isWritable(old)) {
        return Optional.of(new FreezerFile(old, "FROZEN", "THAWED"));
      }
      Path unified = ROOT.resolve(directory).resolve("cgroup.freeze");
      if (Files.isWritable(unified)) {
        return Optional.of(new FreezerFile(unified, "1", "0"));
      }
    }
    return Optional.empty();
  }

  @Override
  public Duration patience(Duration grace) {
    return grace;
  }

  @Override
  public void freeze() throws IOException {
    write(frozen);
  }

  @Override
  public void thaw() throws IOException {
    write(thawed);
  }

  private void write(String value) throws IOException {
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write(value.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
