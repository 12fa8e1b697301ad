/** Signing up, signing in by whichever strategy, signing out. */
@NullMarked
package io.funkhaus.web.account;

import org.jspecify.annotations.NullMarked;
