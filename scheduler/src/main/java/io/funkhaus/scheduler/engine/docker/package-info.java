@NullMarked
package io.funkhaus.scheduler.engine.docker;

import org.jspecify.annotations.NullMarked;
