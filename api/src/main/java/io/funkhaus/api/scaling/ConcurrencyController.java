package io.funkhaus.api.scaling;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Precondition;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/functions/{name}/concurrency}. */
@RestController
@RequestMapping("/api/v1/functions/{name}/concurrency")
@Tag(name = "Concurrency", description = "How many invocations of a function run at the same time")
class ConcurrencyController {
  private final FunctionConcurrency concurrency;

  ConcurrencyController(FunctionConcurrency concurrency) {
    this.concurrency = concurrency;
  }

  /** Body of a change. */
  record ConcurrencyBody(
      @Schema(
              description =
                  "How many invocations of the function may run at the same time; 0 pauses it: every call is refused;"
                      + " null: as many as the workspace may run")
          @Nullable Integer maximumConcurrency,
      @Schema(
              description =
                  "How many of the workspace's concurrent invocations no other function can take",
              defaultValue = "0")
          @Nullable Integer reservedConcurrency) {}

  @Operation(
      summary = "Read a function's concurrency",
      description =
          "With the workspace's limit and what could be reserved. The ETag is its revision.")
  @GetMapping
  ResponseEntity<ConcurrencyView> get(Caller caller, @PathVariable FunctionName name) {
    return answer(concurrency.get(caller, name));
  }

  @Operation(
      summary = "Set a function's concurrency",
      description =
          "Sets both; what is left out is back to no limit and nothing reserved. In force at once, for all versions. 409"
              + " ReservationTooLarge when the workspace has not so much to reserve, with the figures.")
  @PutMapping
  ResponseEntity<ConcurrencyView> set(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "ETag of the state the edit was made from")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody ConcurrencyBody body) {
    Integer reserved = body.reservedConcurrency();
    return answer(
        concurrency.set(
            caller,
            name,
            body.maximumConcurrency(),
            reserved == null ? 0 : reserved,
            Precondition.parse(ifMatch)));
  }

  @Operation(
      summary = "Clear a function's concurrency",
      description = "No limit of its own, nothing reserved.")
  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void clear(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "ETag of the state that is to be cleared")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch) {
    concurrency.clear(caller, name, Precondition.parse(ifMatch));
  }

  private static ResponseEntity<ConcurrencyView> answer(ConcurrencyView view) {
    return ResponseEntity.ok().eTag("\"" + view.revision() + "\"").body(view);
  }
}
