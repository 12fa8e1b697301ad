package io.funkhaus.scheduler.fairness;

import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.sandbox.Sandboxes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which function versions use much of the host's processors. Looked at every now and then, by one
 * thread; frozen sandboxes use none and are not looked at.
 */
public final class ProcessorUse {
  /** This part of all processor time is much: two such functions fill the host. */
  private static final double MUCH = 1.0 / 3;

  private final Sandboxes book;
  private final int processors;
  private Map<Sandbox, Long> before = Map.of();
  private long lookedAt;

  /**
   * @param processors of the host
   */
  public ProcessorUse(Sandboxes book, int processors) {
    this.book = book;
    this.processors = processors;
  }

  /** Those that have used much since the last look. */
  public Set<SandboxSpec> heavy(long now) {
    Map<Sandbox, Long> readings = new HashMap<>();
    Map<SandboxSpec, Long> used = new HashMap<>();
    for (Sandbox sandbox : book.connected()) {
      SandboxSpec spec = sandbox.spec();
      if (spec == null || sandbox.frozen()) {
        continue;
      }
      long reading = sandbox.processorNanos();
      readings.put(sandbox, reading);
      Long last = before.get(sandbox);
      if (last != null) {
        used.merge(spec, reading - last, Long::sum);
      }
    }
    double much = MUCH * processors * (now - lookedAt);
    before = readings;
    lookedAt = now;
    Set<SandboxSpec> heavy = new HashSet<>();
    used.forEach((spec, nanos) -> {
      if (nanos >= much) {
        heavy.add(spec);
      }
    });
    return heavy;
  }
}
