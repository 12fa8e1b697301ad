/** How the host's processors are divided among tenants whose sandboxes all want them. */
@NullMarked
package io.funkhaus.scheduler.fairness;

import org.jspecify.annotations.NullMarked;
