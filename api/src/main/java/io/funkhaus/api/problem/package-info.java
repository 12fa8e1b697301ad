/**
 * Errors as problem documents (RFC 9457): the one place where an exception becomes an HTTP answer.
 */
@NullMarked
package io.funkhaus.api.problem;

import org.jspecify.annotations.NullMarked;
