package io.funkhaus.scheduler;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many of a tenant's invocations are a function's, over all of its versions. Settings of the
 * function, not of a version.
 *
 * @param function name of the function within the tenant
 * @param maximumConcurrency how many of its invocations may run at the same time; null when only
 *     the platform's limit counts
 * @param reservedConcurrency how many of the tenant's concurrent invocations nobody else can take;
 *     0 when none
 * @param provisioned sandboxes that are kept ready, per version
 */
public record FunctionScaling(
    String function,
    @Nullable Integer maximumConcurrency,
    int reservedConcurrency,
    Map<SandboxSpec, Integer> provisioned) {

  public FunctionScaling {
    provisioned = Map.copyOf(provisioned);
    notNegative("maximumConcurrency", maximumConcurrency == null ? 0 : maximumConcurrency);
    notNegative("reservedConcurrency", reservedConcurrency);
    provisioned.values().forEach(count -> notNegative("provisioned", count));
  }

  private static void notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, was " + value);
    }
  }
}
