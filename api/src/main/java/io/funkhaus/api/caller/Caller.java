package io.funkhaus.api.caller;

import io.funkhaus.api.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.HttpStatus;

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
      throw scopeTooNarrow();
    }
    return this;
  }

  /** The answer to a key of scope invoke that asked for more than calling functions. */
  public static ProblemException scopeTooNarrow() {
    return new ProblemException(
        HttpStatus.FORBIDDEN,
        "ScopeTooNarrow",
        "Scope too narrow",
        "This API key has scope invoke, which may only call functions and ask whoami; use a key of"
            + " scope full.");
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
