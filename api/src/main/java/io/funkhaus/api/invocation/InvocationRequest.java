package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.connection.CallerConnection;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.scheduler.LogListener;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A call of a function.
 *
 * @param requestId of the HTTP request, and of the invocation
 * @param payload JSON text, or nothing; shared, not copied: do not change
 * @param log told of log bytes while the function runs
 * @param connection the caller's, asked for only where its end matters
 */
@SuppressWarnings("ArrayRecordComponent") // a copy per invocation would be on the warm path
public record InvocationRequest(
    UUID requestId,
    Caller caller,
    FunctionName function,
    Qualifier qualifier,
    byte[] payload,
    LogListener log,
    Supplier<CallerConnection> connection) {}
