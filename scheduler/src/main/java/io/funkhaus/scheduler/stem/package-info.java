@NullMarked
package io.funkhaus.scheduler.stem;

import org.jspecify.annotations.NullMarked;
