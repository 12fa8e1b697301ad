/** How functions do over time: counts, latency, cold starts, concurrency. */
@NullMarked
package io.funkhaus.api.metrics;

import org.jspecify.annotations.NullMarked;
