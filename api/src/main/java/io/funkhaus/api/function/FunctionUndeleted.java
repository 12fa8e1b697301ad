package io.funkhaus.api.function;

import io.funkhaus.api.caller.Caller;

/**
 * A deleted function is being taken back. Published inside the transaction that does it: a listener
 * that throws prevents it.
 */
public record FunctionUndeleted(Caller caller, FunctionId id, FunctionName name) {}
