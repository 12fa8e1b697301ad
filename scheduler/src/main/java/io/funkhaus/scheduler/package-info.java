@NullMarked
package io.funkhaus.scheduler;

import org.jspecify.annotations.NullMarked;
