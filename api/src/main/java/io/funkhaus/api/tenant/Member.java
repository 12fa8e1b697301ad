package io.funkhaus.api.tenant;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.Scope;

/** A user within a tenant. */
public record Member(Tenant tenant, Actor.User user, Role role) {

  /** This member as a caller. */
  public Caller caller() {
    return new Caller(tenant.id(), tenant.account(), user, Scope.FULL);
  }
}
