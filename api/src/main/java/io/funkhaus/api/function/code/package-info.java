/** The files of drafts and versions, as JSON and as archives. */
@NullMarked
package io.funkhaus.api.function.code;

import org.jspecify.annotations.NullMarked;
