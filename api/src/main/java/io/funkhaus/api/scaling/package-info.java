/**
 * How a tenant's concurrency is shared out among its functions: most, reserved and provisioned.
 * Settings of a function, not of a version; the scheduler is told of every change.
 */
@NullMarked
package io.funkhaus.api.scaling;

import org.jspecify.annotations.NullMarked;
