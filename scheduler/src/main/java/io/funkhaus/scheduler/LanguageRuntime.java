package io.funkhaus.scheduler;

/**
 * One language environment.
 *
 * @param name as functions state it, for example {@code nodejs22.x}
 * @param image reference of the sandbox image, never made from user input
 */
public record LanguageRuntime(String name, Architecture architecture, String image) {}
