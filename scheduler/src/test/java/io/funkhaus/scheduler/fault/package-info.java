/** What breaks below the scheduler or around it, on real containers, and that it is whole again. */
@NullMarked
package io.funkhaus.scheduler.fault;

import org.jspecify.annotations.NullMarked;
