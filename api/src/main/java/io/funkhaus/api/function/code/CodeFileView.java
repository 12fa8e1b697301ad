package io.funkhaus.api.function.code;

import org.jspecify.annotations.Nullable;

/**
 * A file of a function's code.
 *
 * @param content null when the file is too large to be edited; the zip has it
 * @param encoding of the content: {@code utf-8} or {@code base64}; null without content
 * @param sha256 of the content; with it the file can be kept when code is saved, without sending it
 */
public record CodeFileView(
    String path,
    @Nullable String content,
    @Nullable String encoding,
    long sizeBytes,
    boolean executable,
    String sha256) {}
