package io.funkhaus.scheduler.stem;

/**
 * The stock of one kind at one moment.
 *
 * @param ready stems that wait for a function
 * @param launching containers on their way in, for the stock or for somebody who waits
 * @param waiting starts that wait for a stem
 */
public record StemCount(StemKind kind, int ready, int launching, int waiting) {}
