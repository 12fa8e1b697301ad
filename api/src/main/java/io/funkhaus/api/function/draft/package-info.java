/** Functions and their drafts: created, configured, saved, deleted, taken back. */
@NullMarked
package io.funkhaus.api.function.draft;

import org.jspecify.annotations.NullMarked;
