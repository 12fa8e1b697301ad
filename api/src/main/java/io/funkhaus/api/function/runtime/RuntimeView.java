package io.funkhaus.api.function.runtime;

/**
 * A runtime that functions may ask for.
 *
 * @param available whether a host here has its image
 * @param language {@code nodejs}, {@code python} or {@code other}
 */
public record RuntimeView(
    String name, String architecture, boolean available, String sampleHandler, String language) {}
