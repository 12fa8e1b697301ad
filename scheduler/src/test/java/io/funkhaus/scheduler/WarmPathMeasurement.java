package io.funkhaus.scheduler;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * What one warm invocation costs, without HTTP: many calls of one function, one after the other, on
 * one sandbox. Run by hand; prints its figures.
 */
public final class WarmPathMeasurement {
  private static final int WARM_UP = 20_000;
  private static final int CALLS = 100_000;

  private WarmPathMeasurement() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (SchedulerFixture platform = SchedulerFixture.start()) {
      SandboxSpec spec =
          platform.node("exports.handler = async (event) => `Hello, ${event.name}!`").spec();
      measure("platform thread", platform, spec);
      Thread.ofVirtual().start(() -> measure("virtual thread", platform, spec)).join();
    }
  }

  private static void measure(String name, SchedulerFixture platform, SandboxSpec spec) {
    byte[] event = "{\"name\":\"Alice\"}".getBytes(StandardCharsets.UTF_8);
    byte[] context = new byte[0];
    long[] nanos = new long[CALLS];
    for (int i = -WARM_UP; i < CALLS; i++) {
      Invocation invocation = new Invocation(UUID.randomUUID(), event, context, LogListener.NONE);
      long before = System.nanoTime();
      Outcome outcome = platform.scheduler().invoke(spec, invocation);
      long took = System.nanoTime() - before;
      if (!(outcome instanceof Outcome.Succeeded)) {
        throw new IllegalStateException("call " + i + " ended as " + outcome);
      }
      if (i >= 0) {
        nanos[i] = took;
      }
    }
    long sum = Arrays.stream(nanos).sum();
    Arrays.sort(nanos);
    System.out.printf(
        "%s: mean %.1f µs, p50 %.1f µs, p99 %.1f µs%n",
        name, sum / 1e3 / CALLS, nanos[CALLS / 2] / 1e3, nanos[CALLS / 100 * 99] / 1e3);
  }
}
