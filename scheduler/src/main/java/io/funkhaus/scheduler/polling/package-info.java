/** Waiting without falling asleep, where that is cheaper (docs/decisions/0054). */
@NullMarked
package io.funkhaus.scheduler.polling;

import org.jspecify.annotations.NullMarked;
