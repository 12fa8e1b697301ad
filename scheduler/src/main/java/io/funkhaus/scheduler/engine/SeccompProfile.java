package io.funkhaus.scheduler.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The system calls a sandbox may make: our own profile, read once from the class path. It travels
 * inside the request as JSON, because the engine's API takes a path at create and fails at start.
 */
public final class SeccompProfile {
  private static final String RESOURCE = "seccomp.json";

  private SeccompProfile() {}

  /**
   * The profile as JSON text.
   *
   * @throws IllegalStateException when this build has none: no sandbox may start without it
   */
  public static String load() {
    try (InputStream in = SeccompProfile.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "the seccomp profile (io/funkhaus/scheduler/engine/seccomp.json) is missing in this"
                + " build: sandboxes cannot be started; rebuild from a complete checkout");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the seccomp profile cannot be read from the class path", e);
    }
  }
}
