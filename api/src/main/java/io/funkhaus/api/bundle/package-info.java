/**
 * Code bundles: which archives are taken, their content address, where they are kept, and how they
 * reach the disk of a host.
 */
@NullMarked
package io.funkhaus.api.bundle;

import org.jspecify.annotations.NullMarked;
