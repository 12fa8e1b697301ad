package io.funkhaus.api.tenant;

import io.funkhaus.api.caller.Caller;

/**
 * A tenant has been created. Published inside the transaction that creates it: what a listener
 * writes commits with the tenant, and a listener that throws undoes the sign-up.
 *
 * @param owner the new owner as a caller, so that a listener can use the ordinary services
 */
public record TenantCreated(Tenant tenant, Caller owner) {}
