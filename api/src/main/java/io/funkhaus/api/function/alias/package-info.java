/** Aliases and where they point to. */
@NullMarked
package io.funkhaus.api.function.alias;

import org.jspecify.annotations.NullMarked;
