package io.funkhaus.api.function.code;

import java.util.List;

/**
 * The code of a draft or a version.
 *
 * @param sha256 content address of the bundle
 * @param sizeBytes of all files
 */
public record CodeView(List<CodeFileView> files, String sha256, long sizeBytes) {}
