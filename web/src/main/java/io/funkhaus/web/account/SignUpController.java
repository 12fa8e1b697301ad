package io.funkhaus.web.account;

import io.funkhaus.web.security.ConsoleSessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The sign-up page. It ends in the sample function of the new workspace, open and ready to run. */
@Controller
class SignUpController {

  private static final Destination SAMPLE = new Destination("/functions/hello?welcome");

  private final SignUps signUps;
  private final ConsoleSessions sessions;

  SignUpController(SignUps signUps, ConsoleSessions sessions) {
    this.signUps = signUps;
    this.sessions = sessions;
  }

  @GetMapping("/sign-up")
  ModelAndView form(HttpServletRequest request) {
    if (sessions.caller(request).isPresent()) {
      return Pages.redirect(Destination.HOME);
    }
    return Pages.form("sign-up", "", null);
  }

  @PostMapping("/sign-up")
  ModelAndView signUp(
      HttpServletRequest request,
      HttpServletResponse response,
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "") String password) {
    return switch (signUps.signUp(email, password, ClientAddress.of(request))) {
      case Registration.Done(var owner) -> {
        sessions.start(request, owner.caller());
        yield Pages.redirect(SAMPLE);
      }
      case Registration.Objection(String message) ->
          again(email, HttpStatus.UNPROCESSABLE_CONTENT, message);
      case Registration.Refused(String message) ->
          again(email, HttpStatus.UNPROCESSABLE_CONTENT, message);
      case Registration.TooMany(var retryAfter) -> {
        Pages.retryAfter(response, retryAfter);
        yield again(email, HttpStatus.TOO_MANY_REQUESTS, Pages.tooMany(retryAfter));
      }
    };
  }

  private static ModelAndView again(String email, HttpStatus status, String error) {
    ModelAndView form = Pages.form("sign-up", email, null);
    form.setStatus(status);
    return form.addObject("error", error);
  }
}
