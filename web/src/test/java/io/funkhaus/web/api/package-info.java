@NullMarked
package io.funkhaus.web.api;

import org.jspecify.annotations.NullMarked;
