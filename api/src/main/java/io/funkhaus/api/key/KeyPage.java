package io.funkhaus.api.key;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of keys, newest first, and where the next one begins. */
public record KeyPage(List<ApiKey> items, @Nullable String nextCursor) {}
