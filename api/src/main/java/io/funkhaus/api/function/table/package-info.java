/**
 * The rows of functions, versions and aliases. Nothing outside of {@code api.function} sees them.
 */
@NullMarked
package io.funkhaus.api.function.table;

import org.jspecify.annotations.NullMarked;
