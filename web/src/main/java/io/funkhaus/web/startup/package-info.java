@NullMarked
package io.funkhaus.web.startup;

import org.jspecify.annotations.NullMarked;
