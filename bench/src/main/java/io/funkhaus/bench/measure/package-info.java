/** The measurements, one class each. */
@NullMarked
package io.funkhaus.bench.measure;

import org.jspecify.annotations.NullMarked;
