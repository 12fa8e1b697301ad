/** What {@code ./funkhaus bench} runs: the driver of all measurements. */
@NullMarked
package io.funkhaus.bench;

import org.jspecify.annotations.NullMarked;
