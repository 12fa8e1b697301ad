package io.funkhaus.scheduler.dispatch;

/**
 * The permission to start one sandbox: its memory is reserved until nothing is left of it.
 *
 * @param generation of the pool when the start was decided
 */
record StartTicket<S>(
    Line<S> line, Capacity.Reservation memory, int generation, long decidedNanos) {}
