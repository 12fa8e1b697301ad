/** Figures, marks, tables and pictures of a run. */
@NullMarked
package io.funkhaus.bench.report;

import org.jspecify.annotations.NullMarked;
