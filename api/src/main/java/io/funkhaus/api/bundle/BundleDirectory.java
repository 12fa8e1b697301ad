package io.funkhaus.api.bundle;

import java.nio.file.Path;

/**
 * Where extracted bundles lie on this host.
 *
 * @param root on the same file system as the sandboxes' directories
 * @param maxBytes of extracted files; beyond that what was not used for longest goes first
 */
public record BundleDirectory(Path root, long maxBytes) {}
