@NullMarked
package io.funkhaus.web.settings;

import org.jspecify.annotations.NullMarked;
