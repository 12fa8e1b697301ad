@NullMarked
package io.funkhaus.scheduler.engine;

import org.jspecify.annotations.NullMarked;
