package io.funkhaus.api.function.code;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A file as a request states it, when its text alone is not enough. */
@Schema(
    name = "CodeFileContent",
    description =
        "A file with its content, or, with sha256 alone, a file whose content the draft has already.")
record CodeFileBody(
    @Schema(description = "The content, in the stated encoding") @Nullable String content,
    @Schema(
            description = "How content is written",
            allowableValues = {"utf-8", "base64"},
            defaultValue = "utf-8")
        @Nullable String encoding,
    @Schema(description = "Whether the file may be started as a program", defaultValue = "false")
        @Nullable Boolean executable,
    @Schema(description = "Instead of content: SHA-256 of a file of the draft, which is kept")
        @Nullable String sha256) {}
