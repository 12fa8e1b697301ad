@NullMarked
package io.funkhaus.api.function.resolution;

import org.jspecify.annotations.NullMarked;
