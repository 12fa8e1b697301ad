/**
 * Records of what ran: the journal that survives a killed service, the writer that carries it into
 * PostgreSQL, partitions, and the figures per minute, hour and day.
 */
@NullMarked
package io.funkhaus.api.recording;

import org.jspecify.annotations.NullMarked;
