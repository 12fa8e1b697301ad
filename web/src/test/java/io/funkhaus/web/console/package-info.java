@NullMarked
package io.funkhaus.web.console;

import org.jspecify.annotations.NullMarked;
