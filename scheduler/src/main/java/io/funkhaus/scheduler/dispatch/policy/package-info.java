/** The rules and measures of dispatch that know neither functions nor tenants. */
@NullMarked
package io.funkhaus.scheduler.dispatch.policy;

import org.jspecify.annotations.NullMarked;
