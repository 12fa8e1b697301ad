@NullMarked
package io.funkhaus.api.invocation;

import org.jspecify.annotations.NullMarked;
