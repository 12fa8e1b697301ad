/** Ways to put load on a server, and what came back. */
@NullMarked
package io.funkhaus.bench.load;

import org.jspecify.annotations.NullMarked;
