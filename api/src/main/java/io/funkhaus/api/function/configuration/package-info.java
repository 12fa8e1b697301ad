/**
 * What a function is configured with: values, their limits, and what this installation can honour.
 */
@NullMarked
package io.funkhaus.api.function.configuration;

import org.jspecify.annotations.NullMarked;
