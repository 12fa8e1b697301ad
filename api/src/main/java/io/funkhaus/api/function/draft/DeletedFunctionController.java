package io.funkhaus.api.function.draft;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.Answers;
import io.funkhaus.api.function.FunctionName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/deleted-functions}: what can still be taken back. */
@RestController
@RequestMapping("/api/v1/deleted-functions")
@Tag(name = "Functions")
class DeletedFunctionController {
  private final Functions functions;

  DeletedFunctionController(Functions functions) {
    this.functions = functions;
  }

  /** The last deleted hundred. */
  record DeletedFunctionList(List<DeletedFunction> items, @Nullable String nextCursor) {}

  @Operation(
      summary = "List deleted functions",
      description = "Those that can be taken back, last deleted first, at most 100.")
  @GetMapping
  DeletedFunctionList list(Caller caller) {
    return new DeletedFunctionList(functions.deleted(caller), null);
  }

  @Operation(
      summary = "Take back a deleted function",
      description =
          "The last deleted one of that name, with its versions, aliases and test events. 409 FunctionExists when the"
              + " name has been taken since.")
  @PostMapping("/{name}/undelete")
  ResponseEntity<FunctionView> undelete(Caller caller, @PathVariable FunctionName name) {
    return Answers.revised(HttpStatus.OK, functions.undelete(caller, name));
  }
}
