@NullMarked
package io.funkhaus.api.connection;

import org.jspecify.annotations.NullMarked;
