package io.funkhaus.api.function.version;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of versions, newest first, and where the next one begins. */
public record VersionPage(List<VersionView> items, @Nullable String nextCursor) {}
