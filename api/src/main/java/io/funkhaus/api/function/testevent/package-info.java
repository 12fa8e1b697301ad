/** Events saved for trying a function. */
@NullMarked
package io.funkhaus.api.function.testevent;

import org.jspecify.annotations.NullMarked;
