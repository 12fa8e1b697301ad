@NullMarked
package io.funkhaus.api.function.table;

import org.jspecify.annotations.NullMarked;
