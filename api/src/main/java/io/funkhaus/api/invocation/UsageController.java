package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.scheduler.Invoker;
import io.funkhaus.scheduler.Usage;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/usage}: what runs and waits now, and the limit it counts against. */
@RestController
class UsageController {
  private final Invoker invoker;

  UsageController(Invoker invoker) {
    this.invoker = invoker;
  }

  @GetMapping("/api/v1/usage")
  Usage read(Caller caller) {
    caller.requireFull();
    return invoker.usage(caller.account().value());
  }
}
