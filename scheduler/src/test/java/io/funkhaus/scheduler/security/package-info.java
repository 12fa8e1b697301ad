/** Attacks from inside a sandbox, through the production path, on real containers. */
@NullMarked
package io.funkhaus.scheduler.security;

import org.jspecify.annotations.NullMarked;
