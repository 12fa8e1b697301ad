/** Functions: drafts, versions, aliases, test events, and what of them an invocation runs. */
@NullMarked
package io.funkhaus.api.function;

import org.jspecify.annotations.NullMarked;
