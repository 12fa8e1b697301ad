@NullMarked
package io.funkhaus.api.bundle;

import org.jspecify.annotations.NullMarked;
