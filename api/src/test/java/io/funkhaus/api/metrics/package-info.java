@NullMarked
package io.funkhaus.api.metrics;

import org.jspecify.annotations.NullMarked;
