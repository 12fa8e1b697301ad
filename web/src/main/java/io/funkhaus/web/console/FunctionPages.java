package io.funkhaus.web.console;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.draft.Functions;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** The list of functions and the pages of one function. */
@Controller
@RequestMapping("/functions")
class FunctionPages {

  private final Functions functions;

  FunctionPages(Functions functions) {
    this.functions = functions;
  }

  @GetMapping
  String list() {
    return "functions";
  }

  @GetMapping("/{name}")
  String code(Caller caller, @PathVariable String name, Model model) {
    return page(caller, name, "function-code", model);
  }

  @GetMapping("/{name}/versions")
  String versions(Caller caller, @PathVariable String name, Model model) {
    return page(caller, name, "function-versions", model);
  }

  @GetMapping("/{name}/configuration")
  String configuration(Caller caller, @PathVariable String name, Model model) {
    return page(caller, name, "function-configuration", model);
  }

  @GetMapping("/{name}/aliases")
  String aliases(Caller caller, @PathVariable String name, Model model) {
    return page(caller, name, "function-aliases", model);
  }

  @GetMapping("/{name}/invocations")
  String invocations(Caller caller, @PathVariable String name, Model model) {
    return page(caller, name, "invocations", model);
  }

  @GetMapping("/{name}/metrics")
  String metrics(Caller caller, @PathVariable String name, Model model) {
    return page(caller, name, "function-metrics", model);
  }

  @GetMapping("/{name}/api")
  String api(Caller caller, @PathVariable String name, Model model) {
    return page(caller, name, "function-api", model);
  }

  /** A function that does not exist in the caller's workspace has no page. */
  private String page(Caller caller, String name, String template, Model model) {
    functions.get(caller, new FunctionName(name));
    model.addAttribute("function", name);
    return template;
  }
}
