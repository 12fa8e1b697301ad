package io.funkhaus.api.problem;

import org.jspecify.annotations.Nullable;

/**
 * One member of a request that breaks its rule.
 *
 * @param field name as the caller wrote it, for example {@code memory} or {@code environment.PATH}
 * @param value what was sent; null when it was missing or must not be repeated
 * @param message names the field, the rule and the value
 */
public record FieldError(String field, @Nullable Object value, String message) {}
