package io.funkhaus.bench.report;

/**
 * A picture of the report.
 *
 * @param file name below {@code docs/images/bench/}
 * @param alternative what it shows, for who cannot see it
 */
public record Chart(String file, String alternative, String svg) {}
