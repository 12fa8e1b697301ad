/** Tells the caches of every running service that a row has changed. */
@NullMarked
package io.funkhaus.api.invalidation;

import org.jspecify.annotations.NullMarked;
