package io.funkhaus.api.scaling;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.problem.InvalidValueException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
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

/** {@code /api/v1/functions/{name}/provisioned-concurrency}. */
@RestController
@RequestMapping("/api/v1/functions/{name}/provisioned-concurrency")
@Tag(name = "Concurrency", description = "How many invocations of a function run at the same time")
class ProvisionedController {
  private final ProvisionedConcurrency provisioned;

  ProvisionedController(ProvisionedConcurrency provisioned) {
    this.provisioned = provisioned;
  }

  /** All of a function: one page, as a workspace cannot keep more ready than it may run. */
  record ProvisionedList(List<ProvisionedView> items, @Nullable String nextCursor) {}

  /** Body of a change. */
  record ProvisionedBody(
      @Schema(
              description = "How many sandboxes to keep ready, 1 or more",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable Integer wanted) {}

  @Operation(summary = "List provisioned concurrency", description = "By qualifier.")
  @GetMapping
  ProvisionedList list(Caller caller, @PathVariable FunctionName name) {
    return new ProvisionedList(provisioned.list(caller, name), null);
  }

  @Operation(
      summary = "Read provisioned concurrency",
      description =
          "How many sandboxes are wanted and how many are ready; status is ready or preparing. The ETag is its revision.")
  @GetMapping("/{qualifier}")
  ResponseEntity<ProvisionedView> get(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "Number of a version, or an alias") @PathVariable String qualifier) {
    return answer(provisioned.get(caller, name, Qualifier.parse(qualifier)));
  }

  @Operation(
      summary = "Set provisioned concurrency",
      description =
          "Keeps so many sandboxes of a version ready; those of an alias follow it. 409 ProvisionedTooLarge when the"
              + " workspace's limit or the installation's memory does not allow it, with the figures.")
  @PutMapping("/{qualifier}")
  ResponseEntity<ProvisionedView> set(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "Number of a version, or an alias") @PathVariable String qualifier,
      @Parameter(description = "ETag of the state the edit was made from")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody ProvisionedBody body) {
    caller.requireFull();
    Integer wanted = body.wanted();
    if (wanted == null) {
      throw new InvalidValueException("wanted", null, "wanted is missing");
    }
    return answer(
        provisioned.set(
            caller, name, Qualifier.parse(qualifier), wanted, Precondition.parse(ifMatch)));
  }

  @Operation(
      summary = "Clear provisioned concurrency",
      description = "The sandboxes may go like any others.")
  @DeleteMapping("/{qualifier}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void clear(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "Number of a version, or an alias") @PathVariable String qualifier,
      @Parameter(description = "ETag of the state that is to be cleared")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch) {
    provisioned.clear(caller, name, Qualifier.parse(qualifier), Precondition.parse(ifMatch));
  }

  private static ResponseEntity<ProvisionedView> answer(ProvisionedView view) {
    return ResponseEntity.ok().eTag("\"" + view.revision() + "\"").body(view);
  }
}
