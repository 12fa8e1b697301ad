@NullMarked
package io.funkhaus.scheduler.sandbox;

import org.jspecify.annotations.NullMarked;
