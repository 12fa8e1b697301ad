package io.funkhaus.scheduler;

import io.funkhaus.scheduler.stem.StemCount;
import io.funkhaus.scheduler.stem.StemSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the first call of a new version costs, without HTTP: with a stem ready, and for many
 * functions at once. Run by hand; prints its figures.
 */
public final class ColdStartMeasurement {
  private static final int CALLS = 60;
  private static final int BURST = 50;

  private ColdStartMeasurement() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (SchedulerFixture platform =
        SchedulerFixture.start(settings -> settings.with(StemSettings.DEFAULT))) {
      oneByOne(platform);
    }
    try (SchedulerFixture platform =
        SchedulerFixture.start(settings -> settings.with(StemSettings.DEFAULT))) {
      untilReady(platform);
      atOnce(platform);
    }
  }

  private static void oneByOne(SchedulerFixture platform) throws InterruptedException {
    long[] nanos = new long[CALLS];
    for (int i = -5; i < CALLS; i++) {
      untilReady(platform);
      SandboxSpec spec = hello(platform, "v" + i);
      long before = System.nanoTime();
      check(platform.invoke(spec, "{\"name\":\"Alice\"}"));
      if (i >= 0) {
        nanos[i] = System.nanoTime() - before;
      }
      platform.scheduler().retire(spec, "measured");
    }
    Arrays.sort(nanos);
    System.out.printf(
        "first call, stem ready: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms%n",
        nanos[CALLS / 2] / 1e6, nanos[CALLS * 9 / 10] / 1e6, nanos[CALLS - 1] / 1e6);
  }

  private static void atOnce(SchedulerFixture platform) throws InterruptedException {
    List<SandboxSpec> specs = new ArrayList<>();
    for (int i = 0; i < BURST; i++) {
      specs.add(hello(platform, "b" + i));
    }
    List<Thread> callers = new ArrayList<>();
    long before = System.nanoTime();
    for (SandboxSpec spec : specs) {
      callers.add(
          Thread.startVirtualThread(() -> check(platform.invoke(spec, "{\"name\":\"Alice\"}"))));
    }
    for (Thread caller : callers) {
      caller.join(Duration.ofMinutes(1));
    }
    System.out.printf(
        "%d functions at once: all answered after %.1f s%n",
        BURST, (System.nanoTime() - before) / 1e9);
  }

  private static SandboxSpec hello(SchedulerFixture platform, String name) {
    return platform
        .node("exports.handler = async (event) => `Hello, ${event.name}!`")
        .name(name)
        .spec();
  }

  private static void check(Outcome outcome) {
    if (!(outcome instanceof Outcome.Succeeded)) {
      throw new IllegalStateException("ended as " + outcome);
    }
  }

  private static void untilReady(SchedulerFixture platform) throws InterruptedException {
    while (!platform.scheduler().snapshot().stems().stream()
        .filter(count -> count.kind().runtime().name().equals("nodejs22.x"))
        .allMatch(ColdStartMeasurement::settled)) {
      Thread.sleep(50);
    }
  }

  private static boolean settled(StemCount count) {
    return count.ready() > 0 && count.launching() == 0;
  }
}
