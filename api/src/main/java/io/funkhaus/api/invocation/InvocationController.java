package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST …/invocations} of the console, and of whoever watches the run. A plain call with a
 * key is answered by {@link InvocationShortcut} before it gets here.
 */
@RestController
class InvocationController {
  private final InvocationService invocations;
  private final InvocationWatch watch;

  InvocationController(InvocationService invocations, InvocationWatch watch) {
    this.invocations = invocations;
    this.watch = watch;
  }

  @PostMapping("/api/v1/functions/{name}/invocations")
  void invoke(
      Caller caller,
      @PathVariable String name,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    boolean watched = InvocationExchange.isWatched(request);
    if (watched) {
      caller.requireFull();
    }
    InvocationRequest invocation = InvocationExchange.read(request, caller, name);
    if (watched) {
      watch.run(invocation, response);
      return;
    }
    InvocationExchange.answer(invocations.invoke(invocation), caller, response);
  }
}
