@NullMarked
package io.funkhaus.scheduler.time;

import org.jspecify.annotations.NullMarked;
