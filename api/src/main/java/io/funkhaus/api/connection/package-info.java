/** Notices callers that go away while their invocation runs. */
@NullMarked
package io.funkhaus.api.connection;

import org.jspecify.annotations.NullMarked;
