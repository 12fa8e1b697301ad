package io.funkhaus.api.function.version;

/**
 * The answer to publishing.
 *
 * @param isNew false when the newest version had the same code and configuration already
 */
public record PublishedVersion(VersionView version, boolean isNew) {}
