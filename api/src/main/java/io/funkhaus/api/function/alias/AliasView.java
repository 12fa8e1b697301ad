package io.funkhaus.api.function.alias;

import io.funkhaus.api.function.AliasRouting;
import io.funkhaus.api.function.Revised;
import io.funkhaus.api.function.table.AliasEntity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An alias. */
public record AliasView(
    String name,
    int version,
    @Nullable Additional additionalVersion,
    long revision,
    Instant updatedAt,
    String updatedBy)
    implements Revised {

  /** The second version of a split and the share of calls it gets, 0 to 1. */
  public record Additional(int version, double weight) {}

  static AliasView of(AliasEntity alias) {
    AliasRouting routing = alias.routing();
    AliasRouting.Share additional = routing.additional();
    return new AliasView(
        alias.name().value(),
        routing.version().value(),
        additional == null
            ? null
            : new Additional(additional.version().value(), additional.weight()),
        alias.revision(),
        alias.updatedAt(),
        alias.updatedBy());
  }
}
