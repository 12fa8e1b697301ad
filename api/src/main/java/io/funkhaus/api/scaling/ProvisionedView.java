package io.funkhaus.api.scaling;

import java.time.Instant;

/**
 * Sandboxes that are kept ready for a version.
 *
 * @param qualifier number of the version, or the alias that points to it
 * @param ready how many of the wanted ones could be called this moment
 * @param status {@code ready} or {@code preparing}
 */
public record ProvisionedView(
    String qualifier,
    int wanted,
    int ready,
    String status,
    long revision,
    Instant updatedAt,
    String updatedBy) {}
