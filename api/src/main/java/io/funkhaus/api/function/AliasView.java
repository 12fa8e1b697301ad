package io.funkhaus.api.function;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An alias. */
public record AliasView(
    String name,
    int version,
    @Nullable Additional additionalVersion,
    long revision,
    Instant updatedAt,
    String updatedBy) {

  /** The second version of a split and the share of calls it gets, 0 to 1. */
  public record Additional(int version, double weight) {}
}
