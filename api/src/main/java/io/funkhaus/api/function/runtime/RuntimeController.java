package io.funkhaus.api.function.runtime;

import io.funkhaus.api.caller.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/runtimes}. */
@RestController
@Tag(name = "Runtimes", description = "The language environments of this installation")
class RuntimeController {
  private final Runtimes runtimes;

  RuntimeController(Runtimes runtimes) {
    this.runtimes = runtimes;
  }

  @Operation(
      summary = "List runtimes",
      description = "Available or not, per architecture, newest of each language first.")
  @GetMapping("/api/v1/runtimes")
  List<RuntimeView> list(Caller caller) {
    caller.requireFull();
    return runtimes.list();
  }
}
