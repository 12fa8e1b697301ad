@NullMarked
package io.funkhaus.api.problem;

import org.jspecify.annotations.NullMarked;
