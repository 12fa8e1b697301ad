/** Tenants (the console says workspace) and who belongs to them. */
@NullMarked
package io.funkhaus.api.tenant;

import org.jspecify.annotations.NullMarked;
