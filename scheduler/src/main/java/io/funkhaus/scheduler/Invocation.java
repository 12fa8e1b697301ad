package io.funkhaus.scheduler;

import java.util.UUID;

/**
 * One run of a function, as the scheduler needs it.
 *
 * @param requestId chosen by the api, a UUID
 * @param payload the event, JSON text; passed through untouched
 * @param clientContext JSON text, may be empty
 * @param logListener told of log bytes while they arrive, on a thread that must not be blocked;
 *     {@link LogListener#NONE} when nobody watches
 */
@SuppressWarnings(
    "ArrayRecordComponent") // bytes end to end: a copy per invocation would be a copy on the warm
// path
public record Invocation(
    UUID requestId, byte[] payload, byte[] clientContext, LogListener logListener) {}
