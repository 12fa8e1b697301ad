package io.funkhaus.scheduler.dispatch.book;

import io.funkhaus.scheduler.dispatch.policy.Capacity;

/**
 * The permission to start one sandbox: its memory is reserved until nothing is left of it.
 *
 * @param generation of the pool when the start was decided
 * @param places of the tenant's concurrency that those who wait for it will take; 0 when nobody
 *     does
 */
public record StartTicket<S>(
    Line<S> line, Capacity.Reservation memory, int generation, int places, long decidedNanos) {}
