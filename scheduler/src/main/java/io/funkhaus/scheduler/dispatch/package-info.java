@NullMarked
package io.funkhaus.scheduler.dispatch;

import org.jspecify.annotations.NullMarked;
