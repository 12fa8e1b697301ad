package io.funkhaus.api.scaling;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sandboxes that are kept ready for a version.
 *
 * @param qualifier number of the version, or the alias that points to it
 * @param ready how many of the wanted ones could be called this moment
 * @param status {@code ready}, {@code preparing}, or {@code failed} when the last attempt did
 * @param reason why it failed; null unless it did. It is tried again by itself
 */
public record ProvisionedView(
    String qualifier,
    int wanted,
    int ready,
    String status,
    @Nullable String reason,
    long revision,
    Instant updatedAt,
    String updatedBy) {}
