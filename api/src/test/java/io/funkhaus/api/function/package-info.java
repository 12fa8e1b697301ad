@NullMarked
package io.funkhaus.api.function;

import org.jspecify.annotations.NullMarked;
