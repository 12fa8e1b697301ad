/** API keys: making, listing, revoking, and telling on the path of every request whose a key is. */
@NullMarked
package io.funkhaus.api.key;

import org.jspecify.annotations.NullMarked;
