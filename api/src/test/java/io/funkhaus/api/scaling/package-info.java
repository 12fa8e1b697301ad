@NullMarked
package io.funkhaus.api.scaling;

import org.jspecify.annotations.NullMarked;
