package io.funkhaus.web.security;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.caller.UserId;
import io.funkhaus.api.tenant.Member;
import io.funkhaus.api.tenant.Tenants;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;

/**
 * Who is signed in to the console. The sign-in controllers start and end sessions here; the filter
 * chains ask here who a request's session belongs to.
 *
 * <p>A session holds the ids of a user and a tenant and a CSRF token, nothing else. Whether that
 * user still belongs to that tenant is read anew for each request, so that taking somebody out
 * works at once. Nobody has a session before signing in, so there is none to fixate.
 */
@Component
public class ConsoleSessions implements SecurityContextRepository {

  /** However busy a session is, it ends after this time. */
  static final Duration LONGEST = Duration.ofHours(12);

  private static final String USER = "user";
  private static final String TENANT = "tenant";

  private final Tenants tenants;
  private final InstantSource clock;

  ConsoleSessions(Tenants tenants, InstantSource clock) {
    this.tenants = tenants;
    this.clock = clock;
  }

  /** Signs a user in: a new session under a new id, whatever the request came with is ended. */
  public void start(HttpServletRequest request, Caller caller) {
    if (!(caller.actor() instanceof Actor.User user)) {
      throw new IllegalArgumentException("only a user can sign in to the console, not a key");
    }
    end(request);
    HttpSession session = request.getSession(true);
    session.setAttribute(USER, user.id().value());
    session.setAttribute(TENANT, caller.tenant().value());
    CsrfTokens.renew(session);
  }

  /** Signs out: the session is gone from the database. */
  public void end(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      session.invalidate();
    }
    SecurityContextHolder.clearContext();
  }

  /** Who is signed in. */
  public Optional<Caller> caller(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      return Optional.empty();
    }
    Optional<Caller> caller = isTooOld(session) ? Optional.empty() : member(session);
    if (caller.isEmpty()) {
      session.invalidate();
    }
    return caller;
  }

  /** Old, unused by the filters, and still demanded by the interface. */
  @Override
  @SuppressWarnings("deprecation")
  public SecurityContext loadContext(HttpRequestResponseHolder holder) {
    return context(holder.getRequest());
  }

  @Override
  public DeferredSecurityContext loadDeferredContext(HttpServletRequest request) {
    return new LazyContext(request);
  }

  /** There is nothing to save: {@link #start} has. */
  @Override
  public void saveContext(
      SecurityContext context, HttpServletRequest request, HttpServletResponse response) {}

  @Override
  public boolean containsContext(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session != null && session.getAttribute(USER) != null;
  }

  private SecurityContext context(HttpServletRequest request) {
    return caller(request)
        .map(caller -> {
          caller.attachTo(request);
          return new SecurityContextImpl(new CallerAuthentication(caller));
        })
        .orElseGet(SecurityContextImpl::new);
  }

  private boolean isTooOld(HttpSession session) {
    return clock.millis() - session.getCreationTime() > LONGEST.toMillis();
  }

  private Optional<Caller> member(HttpSession session) {
    if (session.getAttribute(USER) instanceof Long user
        && session.getAttribute(TENANT) instanceof Long tenant) {
      return tenants.member(new TenantId(tenant), new UserId(user)).map(Member::caller);
    }
    return Optional.empty();
  }

  /** Reads the session when somebody asks for the context the first time, if at all. */
  private final class LazyContext implements DeferredSecurityContext {

    private final HttpServletRequest request;
    private @Nullable SecurityContext context;

    LazyContext(HttpServletRequest request) {
      this.request = request;
    }

    @Override
    public SecurityContext get() {
      if (context == null) {
        context = context(request);
      }
      return context;
    }

    @Override
    public boolean isGenerated() {
      return get().getAuthentication() == null;
    }
  }
}
