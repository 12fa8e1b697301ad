/** Running a function for a caller, and reading what ran. */
@NullMarked
package io.funkhaus.api.invocation;

import org.jspecify.annotations.NullMarked;
