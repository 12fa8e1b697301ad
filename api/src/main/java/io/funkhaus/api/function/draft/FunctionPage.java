package io.funkhaus.api.function.draft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of functions, newest change first, and where the next one begins. */
public record FunctionPage(List<FunctionSummary> items, @Nullable String nextCursor) {}
