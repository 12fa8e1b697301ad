/**
 * What functions, versions and aliases are called, and what all packages around them share. Knows
 * none of the packages below it.
 */
@NullMarked
package io.funkhaus.api.function;

import org.jspecify.annotations.NullMarked;
