package io.funkhaus.api.tenant;

import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.TenantId;

/** A tenant as services and pages see it. */
public record Tenant(TenantId id, AccountId account, String name) {}
