package io.funkhaus.api.function.version;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.Answers;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.VersionNote;
import io.funkhaus.api.function.VersionNumber;
import io.funkhaus.api.function.draft.FunctionView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/functions/{name}/versions}. */
@RestController
@RequestMapping("/api/v1/functions/{name}/versions")
@Tag(name = "Versions", description = "Published, immutable states of functions")
class VersionController {
  private final Versions versions;

  VersionController(Versions versions) {
    this.versions = versions;
  }

  /** Body of a publication; may be left out. */
  record PublishBody(@Schema(description = "Why, at most 1024 characters") @Nullable String note) {}

  @Operation(
      summary = "Publish a version",
      description =
          "Freezes the draft. 201 with the new version, or 200 with the newest one when it has the same code and"
              + " configuration already.")
  @PostMapping
  ResponseEntity<VersionView> publish(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "ETag of the draft that is meant")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody(required = false) @Nullable PublishBody body) {
    caller.requireFull();
    String note = body == null ? null : body.note();
    PublishedVersion published =
        versions.publish(
            caller,
            name,
            note == null ? VersionNote.NONE : new VersionNote(note),
            Precondition.parse(ifMatch));
    return ResponseEntity.status(published.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
        .body(published.version());
  }

  @Operation(summary = "List versions", description = "Newest first.")
  @GetMapping
  VersionPage list(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "How many, 1 to 100") @RequestParam(defaultValue = "50") int limit,
      @Parameter(description = "nextCursor of the page before") @RequestParam(required = false)
          @Nullable String cursor) {
    return versions.list(caller, name, Answers.limit(limit), cursor);
  }

  @Operation(summary = "Read a version")
  @GetMapping("/{number}")
  VersionView get(Caller caller, @PathVariable FunctionName name, @PathVariable String number) {
    return versions.get(caller, name, VersionNumber.parse(number));
  }

  @Operation(
      summary = "Restore a version",
      description = "Copies its code and configuration into the draft, and answers the function.")
  @PostMapping("/{number}/restore")
  ResponseEntity<FunctionView> restore(
      Caller caller,
      @PathVariable FunctionName name,
      @PathVariable String number,
      @Parameter(description = "ETag of the draft that is to be overwritten")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch) {
    caller.requireFull();
    return Answers.revised(
        HttpStatus.OK,
        versions.restore(caller, name, VersionNumber.parse(number), Precondition.parse(ifMatch)));
  }
}
