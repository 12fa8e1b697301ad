/** From a name and a qualifier to what an invocation runs. */
@NullMarked
package io.funkhaus.api.function.resolution;

import org.jspecify.annotations.NullMarked;
