package io.funkhaus.api.scaling;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A function's share of its workspace's concurrency.
 *
 * @param maximumConcurrency null when only the workspace's limit counts; 0 when it is paused
 * @param workspaceLimit how many invocations of the workspace may run at the same time
 * @param reservable the most that could be reserved for this function now
 * @param revision 0 while nothing was ever set
 */
public record ConcurrencyView(
    @Nullable Integer maximumConcurrency,
    int reservedConcurrency,
    int workspaceLimit,
    int reservable,
    long revision,
    @Nullable Instant updatedAt,
    @Nullable String updatedBy) {}
