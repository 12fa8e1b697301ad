package io.funkhaus.scheduler;

import java.time.Duration;
import java.util.Map;

/** Specifications for tests that need no code. */
public final class Specs {
  public static final String TENANT = "123456789012";

  private Specs() {}

  /** A function of 128 MB of the usual tenant. */
  public static SandboxSpec function(String name) {
    return function(TENANT, name, 128);
  }

  public static SandboxSpec function(String tenant, String name, int memoryMegabytes) {
    return shared(tenant, name, memoryMegabytes, 1);
  }

  /** A function whose sandboxes run several invocations at the same time. */
  public static SandboxSpec shared(
      String tenant, String name, int memoryMegabytes, int concurrency) {
    return new SandboxSpec(
        tenant,
        name,
        "1",
        "nodejs22.x",
        Architecture.X86_64,
        "0".repeat(64),
        "echo",
        memoryMegabytes,
        Duration.ofSeconds(3),
        Isolation.CONTAINER,
        concurrency,
        Map.of());
  }
}
