@NullMarked
package io.funkhaus.web.operation;

import org.jspecify.annotations.NullMarked;
