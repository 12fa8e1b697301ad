@NullMarked
package io.funkhaus.api;

import org.jspecify.annotations.NullMarked;
