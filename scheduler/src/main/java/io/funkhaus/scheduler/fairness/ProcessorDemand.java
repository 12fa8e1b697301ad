package io.funkhaus.scheduler.fairness;

import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.sandbox.Sandboxes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which function versions want more processors than the host has. Looked at every now and then, by
 * one thread; sandboxes that are not in use are not looked at.
 */
public final class ProcessorDemand {
  /** So many times the host's processors, on average, is more than it has by any measure. */
  private static final double CROWD = 2;

  /** What runs or waits for a processor for less of its time mostly waits for something else. */
  private static final double LEAST_EACH = 0.25;

  private final Sandboxes book;
  private final int processors;
  private Map<Sandbox, Long> before = Map.of();
  private long lookedAt;

  /**
   * @param processors of the host
   */
  public ProcessorDemand(Sandboxes book, int processors) {
    this.book = book;
    this.processors = processors;
  }

  /** Those of which that was true on average since the last look. */
  public Set<SandboxSpec> crowds(long now) {
    Map<Sandbox, Long> readings = new HashMap<>();
    Map<SandboxSpec, Wanted> wanted = new HashMap<>();
    for (Sandbox sandbox : book.connected()) {
      SandboxSpec spec = sandbox.spec();
      if (spec == null || sandbox.state() != Sandbox.State.BUSY) {
        continue;
      }
      long reading = sandbox.runnableNanos();
      if (reading < 0) {
        continue;
      }
      readings.put(sandbox, reading);
      Long last = before.get(sandbox);
      if (last != null) {
        wanted.merge(spec, new Wanted(1, Math.max(0, reading - last)), Wanted::plus);
      }
    }
    long since = now - lookedAt;
    before = readings;
    lookedAt = now;
    Set<SandboxSpec> crowds = new HashSet<>();
    wanted.forEach((spec, sum) -> {
      if (isCrowd(sum.sandboxes(), (double) sum.nanos() / since)) {
        crowds.add(spec);
      }
    });
    return crowds;
  }

  /** Nobody is asked for now. What was seen is not kept: sandboxes that are gone would be, too. */
  public void forget() {
    before = Map.of();
  }

  private boolean isCrowd(int sandboxes, double runnable) {
    return runnable >= CROWD * processors && runnable >= LEAST_EACH * sandboxes;
  }

  private record Wanted(int sandboxes, long nanos) {
    Wanted plus(Wanted other) {
      return new Wanted(sandboxes + other.sandboxes, nanos + other.nanos);
    }
  }
}
