/** The function that a new tenant finds. */
@NullMarked
package io.funkhaus.api.function.first;

import org.jspecify.annotations.NullMarked;
