/** Who is asking: the types every service takes first, and how a controller gets them. */
@NullMarked
package io.funkhaus.api.caller;

import org.jspecify.annotations.NullMarked;
