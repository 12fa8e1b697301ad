package io.funkhaus.web.console;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.invocation.Invocations;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The pages that belong to the workspace rather than to one function. */
@Controller
class WorkspacePages {

  private final Invocations invocations;

  WorkspacePages(Invocations invocations) {
    this.invocations = invocations;
  }

  @GetMapping("/")
  String home() {
    return "redirect:/functions";
  }

  /** Not below {@code /functions/}, where it would hide a function called {@code new}. */
  @GetMapping("/new-function")
  String newFunction() {
    return "function-new";
  }

  @GetMapping("/invocations")
  String invocations() {
    return "invocations";
  }

  @GetMapping("/invocations/{requestId}")
  String invocation(Caller caller, @PathVariable UUID requestId, Model model) {
    invocations.get(caller, requestId);
    model.addAttribute("requestId", requestId);
    return "invocation";
  }

  @GetMapping("/keys")
  String keys() {
    return "keys";
  }

  @GetMapping("/account")
  String account() {
    return "account";
  }
}
