package io.funkhaus.scheduler;

import java.time.Duration;
import java.util.Map;

/**
 * Everything that makes two sandboxes interchangeable: its equality is the pool key.
 *
 * <p>Made by the api once per function version (and once per saved draft) and kept in its cache, so
 * that the warm path never builds one. It never holds anything a sandbox of another tenant could
 * share: {@code tenant} is part of it.
 *
 * @param tenant account id of the owner, 12 digits
 * @param function name of the function within the tenant
 * @param version a number, or {@code $LATEST} for the draft
 * @param runtime for example {@code nodejs22.x}; resolved by the {@link RuntimeCatalog}
 * @param architecture of the host that may run it
 * @param code content address of the code bundle, 64 hexadecimal digits
 * @param handler for example {@code index.handler}
 * @param memoryMegabytes hard limit, 128 to 10,240
 * @param timeout for one invocation, 1 to 900 seconds
 * @param isolation how thick its wall is
 * @param concurrency invocations that one sandbox runs at the same time, 1 to 100
 * @param environment variables of the function; secret as a whole, never printed
 */
public record SandboxSpec(
    String tenant,
    String function,
    String version,
    String runtime,
    Architecture architecture,
    String code,
    String handler,
    int memoryMegabytes,
    Duration timeout,
    Isolation isolation,
    int concurrency,
    Map<String, String> environment) {

  public SandboxSpec {
    environment = Map.copyOf(environment);
  }

  /** Names the sandbox's owner and version; leaves the environment out. */
  @Override
  public String toString() {
    return "SandboxSpec[" + tenant + "/" + function + ":" + version + " " + runtime + "]";
  }
}
