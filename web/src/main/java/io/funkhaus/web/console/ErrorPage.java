package io.funkhaus.web.console;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * The page for every error that is not the REST API's, whatever the client would like to have.
 * {@link PageInterceptor} finds what it says.
 */
@Controller
final class ErrorPage implements ErrorController {

  @RequestMapping("/error")
  String show() {
    return "error";
  }
}
