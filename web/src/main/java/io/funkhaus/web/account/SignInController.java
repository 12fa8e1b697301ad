package io.funkhaus.web.account;

import io.funkhaus.api.caller.UserId;
import io.funkhaus.api.tenant.Member;
import io.funkhaus.api.tenant.Tenants;
import io.funkhaus.web.security.ConsoleSessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/**
 * The sign-in page, and signing out. Which strategy is asked stands in the path; without one it is
 * the password.
 */
@Controller
class SignInController {

  private final Map<String, AuthenticationStrategy> strategies;
  private final Tenants tenants;
  private final ConsoleSessions sessions;

  SignInController(
      List<AuthenticationStrategy> strategies, Tenants tenants, ConsoleSessions sessions) {
    this.strategies =
        strategies.stream()
            .collect(
                Collectors.toUnmodifiableMap(AuthenticationStrategy::name, Function.identity()));
    this.tenants = tenants;
    this.sessions = sessions;
  }

  @GetMapping("/sign-in")
  ModelAndView form(
      HttpServletRequest request,
      @RequestParam(name = "continue", required = false) @Nullable String continueAt,
      @RequestParam(name = "signed-out", required = false) @Nullable String signedOut) {
    if (sessions.caller(request).isPresent()) {
      return Pages.redirect(Destination.parse(continueAt).orElse(Destination.HOME));
    }
    return Pages.form("sign-in", "", continueAt)
        .addObject("notice", signedOut == null ? null : "You are signed out.");
  }

  @PostMapping("/sign-in")
  ModelAndView signInWithPassword(
      HttpServletRequest request,
      HttpServletResponse response,
      @RequestParam Map<String, String> fields) {
    return signIn(PasswordStrategy.NAME, request, response, fields);
  }

  @PostMapping("/sign-in/{strategy}")
  ModelAndView signIn(
      @PathVariable String strategy,
      HttpServletRequest request,
      HttpServletResponse response,
      @RequestParam Map<String, String> fields) {
    AuthenticationStrategy asked = strategies.get(strategy);
    if (asked == null) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    return switch (asked.authenticate(new SignInAttempt(fields, ClientAddress.of(request)))) {
      case SignIn.Proven(UserId user) -> enter(user, request, fields);
      case SignIn.Refused(String message) -> again(fields, HttpStatus.UNAUTHORIZED, message);
      case SignIn.TooMany(var retryAfter) -> {
        Pages.retryAfter(response, retryAfter);
        yield again(fields, HttpStatus.TOO_MANY_REQUESTS, Pages.tooMany(retryAfter));
      }
    };
  }

  @PostMapping("/sign-out")
  ModelAndView signOut(HttpServletRequest request) {
    sessions.end(request);
    return Pages.redirect(new Destination("/sign-in?signed-out"));
  }

  private ModelAndView enter(UserId user, HttpServletRequest request, Map<String, String> fields) {
    return tenants
        .firstMembership(user)
        .map(member -> welcome(member, request, fields))
        .orElseGet(() ->
            again(
                fields,
                HttpStatus.FORBIDDEN,
                "You do not belong to a workspace any more. Ask its owner to add you again."));
  }

  private ModelAndView welcome(
      Member member, HttpServletRequest request, Map<String, String> fields) {
    sessions.start(request, member.caller());
    return Pages.redirect(Destination.parse(fields.get("continue")).orElse(Destination.HOME));
  }

  private static ModelAndView again(Map<String, String> fields, HttpStatus status, String error) {
    ModelAndView form =
        Pages.form("sign-in", fields.getOrDefault("email", ""), fields.get("continue"));
    form.setStatus(status);
    return form.addObject("error", error);
  }
}
