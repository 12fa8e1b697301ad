@NullMarked
package io.funkhaus.scheduler.pool;

import org.jspecify.annotations.NullMarked;
