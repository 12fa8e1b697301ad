@NullMarked
package io.funkhaus.api.function.draft;

import org.jspecify.annotations.NullMarked;
