package io.funkhaus.web.console;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** The list of functions and the pages of one function. */
@Controller
@RequestMapping("/functions")
class FunctionPages {

  @GetMapping
  String list() {
    return "functions";
  }

  @GetMapping("/{name}")
  String code(@PathVariable String name, Model model) {
    return page(name, "function-code", model);
  }

  @GetMapping("/{name}/versions")
  String versions(@PathVariable String name, Model model) {
    return page(name, "function-versions", model);
  }

  @GetMapping("/{name}/configuration")
  String configuration(@PathVariable String name, Model model) {
    return page(name, "function-configuration", model);
  }

  @GetMapping("/{name}/aliases")
  String aliases(@PathVariable String name, Model model) {
    return page(name, "function-aliases", model);
  }

  @GetMapping("/{name}/invocations")
  String invocations(@PathVariable String name, Model model) {
    return page(name, "invocations", model);
  }

  @GetMapping("/{name}/metrics")
  String metrics(@PathVariable String name, Model model) {
    return page(name, "function-metrics", model);
  }

  @GetMapping("/{name}/api")
  String api(@PathVariable String name, Model model) {
    return page(name, "function-api", model);
  }

  private static String page(String name, String template, Model model) {
    model.addAttribute("function", name);
    return template;
  }
}
