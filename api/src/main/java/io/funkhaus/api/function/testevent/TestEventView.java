package io.funkhaus.api.function.testevent;

import java.time.Instant;

/**
 * A saved test event.
 *
 * @param event JSON text, as it was written
 */
public record TestEventView(String name, String event, Instant updatedAt) {}
