/** Weights by hand, and on real containers. */
@NullMarked
package io.funkhaus.scheduler.fairness;

import org.jspecify.annotations.NullMarked;
