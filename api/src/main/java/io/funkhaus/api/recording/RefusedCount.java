package io.funkhaus.api.recording;

import io.funkhaus.api.caller.TenantId;
import java.time.Instant;

/**
 * Refusals beyond those that are recorded one by one: they count in the metrics and leave no row.
 *
 * @param at within the minute they belong to
 */
record RefusedCount(TenantId tenant, String function, String version, Instant at, long count) {}
