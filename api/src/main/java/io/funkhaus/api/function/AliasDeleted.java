package io.funkhaus.api.function;

import io.funkhaus.api.caller.TenantId;

/** An alias has been deleted. Published inside the transaction that does it. */
public record AliasDeleted(TenantId tenant, FunctionId function, AliasName alias) {}
