package io.funkhaus.api.caller;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Who is asking, for which tenant, and how much they may do. The security filters attach one to
 * each authenticated request; controllers take it as a parameter and hand it to services as their
 * first argument. The tenant of a caller never comes from anything the request says about itself.
 */
public record Caller(TenantId tenant, AccountId account, Actor actor, Scope scope) {

  private static final String ATTRIBUTE = Caller.class.getName();

  /** Returns this caller when it may do everything, refuses it otherwise. */
  public Caller requireFull() {
    if (scope != Scope.FULL) {
      throw new ScopeTooNarrowException();
    }
    return this;
  }

  /** Makes this the caller of the request; the security filters do this, nobody else. */
  public void attachTo(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** The caller the security filters attached, if the request is authenticated. */
  public static Optional<Caller> of(HttpServletRequest request) {
    return Optional.ofNullable((Caller) request.getAttribute(ATTRIBUTE));
  }
}
