@NullMarked
package io.funkhaus.web.database;

import org.jspecify.annotations.NullMarked;
