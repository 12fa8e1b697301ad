/** Who may send which request: filter chains, sessions, headers, the key filter. */
@NullMarked
package io.funkhaus.web.security;

import org.jspecify.annotations.NullMarked;
