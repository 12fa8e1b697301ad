/** Published versions. */
@NullMarked
package io.funkhaus.api.function.version;

import org.jspecify.annotations.NullMarked;
