package io.funkhaus.scheduler.fairness;

import io.funkhaus.scheduler.SandboxSpec;
import io.funkhaus.scheduler.fairness.Weights.Claim;
import io.funkhaus.scheduler.sandbox.Sandbox;
import io.funkhaus.scheduler.sandbox.Sandboxes;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells the kernel what each sandbox weighs, a few times a second: without it, a tenant with fifty
 * computing sandboxes has fifty times the processor time of a tenant with one, and every call of
 * the latter waits for a slice of each of the former.
 */
public final class ProcessorBalance {
  private final Sandboxes book;

  public ProcessorBalance(Sandboxes book) {
    this.book = book;
  }

  /**
   * One look at all sandboxes that belong to a function. Stems keep the weight they are made with.
   */
  public void round() {
    Map<Sandbox, Claim> claims = new HashMap<>();
    for (Sandbox sandbox : book.connected()) {
      SandboxSpec spec = sandbox.spec();
      if (spec != null) {
        boolean inUse = sandbox.state() == Sandbox.State.BUSY;
        claims.put(sandbox, new Claim(spec.tenant(), spec.memoryMegabytes(), inUse));
      }
    }
    Weights weights = new Weights(claims.values());
    claims.forEach((sandbox, claim) -> sandbox.weigh(weights.of(claim)));
  }
}
