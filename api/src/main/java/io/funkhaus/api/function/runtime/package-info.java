/** Which runtimes functions can have, and the sample each starts with. */
@NullMarked
package io.funkhaus.api.function.runtime;

import org.jspecify.annotations.NullMarked;
