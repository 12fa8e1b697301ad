package io.funkhaus.api.function.draft;

import io.funkhaus.api.bundle.Bundle;
import io.funkhaus.api.bundle.BundleLimits;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.Answers;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.VersionNumber;
import io.funkhaus.api.function.code.CodeView;
import io.funkhaus.api.function.code.FunctionCode;
import io.funkhaus.api.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The code of drafts and versions, as JSON and as zip. */
@RestController
@RequestMapping("/api/v1/functions/{name}")
@Tag(name = "Code", description = "The files of functions")
class CodeController {
  private final FunctionCode code;
  private final Functions functions;

  CodeController(FunctionCode code, Functions functions) {
    this.code = code;
    this.functions = functions;
  }

  /** Body of a save. */
  record CodeBody(
      @Schema(
              description =
                  "Path to text, or to an object: {content, encoding, executable}, or {sha256, executable} for a file the"
                      + " draft has already. These are all files; those left out are removed",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable Map<String, JsonNode> files) {}

  @Operation(
      summary = "Read code",
      description =
          "Content that is not text comes as base64; files over 1 MiB come without content. With Accept: application/zip"
              + " the answer is the archive.")
  @GetMapping(path = "/code", produces = MediaType.APPLICATION_JSON_VALUE)
  CodeView read(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "A version number, an alias, or $LATEST (the default)")
          @RequestParam(required = false)
          @Nullable String qualifier) {
    return code.read(caller, name, Qualifier.parse(qualifier));
  }

  @Operation(summary = "Download code", description = "The same files as a zip archive.")
  @GetMapping(path = "/code", produces = Answers.ZIP)
  void download(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "A version number, an alias, or $LATEST (the default)")
          @RequestParam(required = false)
          @Nullable String qualifier,
      HttpServletResponse response)
      throws IOException {
    Qualifier parsed = Qualifier.parse(qualifier);
    Answers.zip(response, fileName(name, parsed), code.archive(caller, name, parsed));
  }

  @Operation(summary = "Read a version's code")
  @GetMapping(path = "/versions/{number}/code", produces = MediaType.APPLICATION_JSON_VALUE)
  CodeView readVersion(
      Caller caller, @PathVariable FunctionName name, @PathVariable String number) {
    return code.read(caller, name, new Qualifier.Numbered(VersionNumber.parse(number)));
  }

  @Operation(summary = "Download a version's code")
  @GetMapping(path = "/versions/{number}/code", produces = Answers.ZIP)
  void downloadVersion(
      Caller caller,
      @PathVariable FunctionName name,
      @PathVariable String number,
      HttpServletResponse response)
      throws IOException {
    Qualifier version = new Qualifier.Numbered(VersionNumber.parse(number));
    Answers.zip(response, fileName(name, version), code.archive(caller, name, version));
  }

  @Operation(
      summary = "Save code",
      description =
          "Replaces all files of the draft; takes effect at once for calls of $LATEST. Needs If-Match. 412"
              + " RevisionMismatch when somebody has saved since, with who and when.")
  @PutMapping(path = "/code", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<FunctionView> save(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "ETag of the function the edit was made from, or *")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody CodeBody body) {
    caller.requireFull();
    Precondition precondition = Precondition.require(ifMatch);
    try (Bundle bundle = code.bundle(caller, name, FunctionController.files(body.files()))) {
      return Answers.revised(HttpStatus.OK, functions.saveCode(caller, name, bundle, precondition));
    }
  }

  @Operation(
      summary = "Upload code",
      description =
          "As saving, from a zip archive: at most 50 MB packed, 250 MB unpacked, 10,000 files; plain files and folders"
              + " only.")
  @PutMapping(path = "/code", consumes = Answers.ZIP)
  ResponseEntity<FunctionView> upload(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "ETag of the function the edit was made from, or *")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      HttpServletRequest request)
      throws IOException {
    caller.requireFull();
    Precondition precondition = Precondition.require(ifMatch);
    functions.get(caller, name);
    if (request.getContentLengthLong() > BundleLimits.PACKED_BYTES) {
      throw new ProblemException(
          HttpStatus.CONTENT_TOO_LARGE,
          "BundleTooLarge",
          "Code bundle too large",
          "The archive is "
              + request.getContentLengthLong()
              + " bytes, at most "
              + BundleLimits.PACKED_BYTES
              + " are allowed; leave out what the function does not need.");
    }
    try (Bundle bundle = code.receiveZip(request.getInputStream())) {
      return Answers.revised(HttpStatus.OK, functions.saveCode(caller, name, bundle, precondition));
    }
  }

  private static String fileName(FunctionName name, Qualifier qualifier) {
    return name
        + switch (qualifier) {
          case Qualifier.Draft() -> "";
          case Qualifier.Numbered(VersionNumber number) -> "-" + number;
          case Qualifier.Named(AliasName alias) -> "-" + alias;
        }
        + ".zip";
  }
}
