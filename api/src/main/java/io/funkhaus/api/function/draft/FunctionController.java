package io.funkhaus.api.function.draft;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.Answers;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.code.FunctionCode;
import io.funkhaus.api.function.configuration.ConfigurationChange;
import io.funkhaus.api.function.configuration.Description;
import io.funkhaus.api.function.configuration.EnvironmentVariables;
import io.funkhaus.api.function.configuration.FunctionConfiguration;
import io.funkhaus.api.function.configuration.Handler;
import io.funkhaus.api.function.configuration.MemorySize;
import io.funkhaus.api.function.configuration.RunSettings;
import io.funkhaus.api.function.configuration.RuntimeName;
import io.funkhaus.api.function.configuration.Timeout;
import io.funkhaus.api.problem.FieldErrors;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.Shown;
import io.funkhaus.scheduler.Architecture;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code /api/v1/functions}. */
@RestController
@RequestMapping("/api/v1/functions")
@Tag(name = "Functions", description = "Functions and their drafts")
class FunctionController {
  private static final String ISOLATION =
      "What a sandbox is walled in by: the host's kernel, or one of its own (gVisor) where the host has it";
  private static final String SANDBOX_CONCURRENCY =
      "Invocations that one sandbox runs at the same time, 1 to 100; 1 unless the code is made for more";
  private static final String ON_DISCONNECT =
      "What becomes of an invocation whose caller has gone away";

  private final Functions functions;
  private final FunctionCode code;

  FunctionController(Functions functions, FunctionCode code) {
    this.functions = functions;
    this.code = code;
  }

  /** Body of a creation. */
  record NewFunctionBody(
      @Schema(
              description = "1 to 64 letters, digits, hyphens or underscores",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String name,
      @Schema(
              description = "One that GET /runtimes lists as available",
              example = "nodejs22.x",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String runtime,
      @Schema(description = "File and function to call", defaultValue = "index.handler")
          @Nullable String handler,
      @Schema(description = "MB, 128 to 10240", defaultValue = "128") @Nullable Integer memory,
      @Schema(description = "Seconds, 1 to 900", defaultValue = "3") @Nullable Integer timeout,
      @Schema(description = "At most 4 KB in all") @Nullable Map<String, String> environment,
      @Schema(description = "At most 256 characters") @Nullable String description,
      @Schema(
              description =
                  "Path to text, or to an object with content, encoding and executable. Without files the function starts"
                      + " as the sample of its runtime")
          @Nullable Map<String, JsonNode> files,
      @Schema(
              description = "Without it, one that has the runtime",
              allowableValues = {"x86_64", "arm64"})
          @Nullable String architecture,
      @Schema(
              description = ISOLATION,
              allowableValues = {"container", "gvisor"})
          @Nullable String isolation,
      @Schema(description = SANDBOX_CONCURRENCY) @Nullable Integer sandboxConcurrency,
      @Schema(
              description = ON_DISCONNECT,
              allowableValues = {"finish", "cancel"})
          @Nullable String onDisconnect) {}

  /** Body of a change. */
  record ConfigurationBody(
      @Schema(description = "File and function to call") @Nullable String handler,
      @Schema(description = "MB, 128 to 10240") @Nullable Integer memory,
      @Schema(description = "Seconds, 1 to 900") @Nullable Integer timeout,
      @Schema(description = "All variables; those left out are removed")
          @Nullable Map<String, String> environment,
      @Schema(description = "At most 256 characters") @Nullable String description,
      @Schema(description = "One that GET /runtimes lists as available") @Nullable String runtime,
      @Schema(
              description = ISOLATION,
              allowableValues = {"container", "gvisor"})
          @Nullable String isolation,
      @Schema(description = SANDBOX_CONCURRENCY) @Nullable Integer sandboxConcurrency,
      @Schema(
              description = ON_DISCONNECT,
              allowableValues = {"finish", "cancel"})
          @Nullable String onDisconnect) {}

  @Operation(
      summary = "Create a function",
      description =
          "409 FunctionExists when the name is taken. A runtime, an architecture or an amount of memory that this"
              + " installation cannot give is refused.")
  @PostMapping
  ResponseEntity<FunctionView> create(Caller caller, @RequestBody NewFunctionBody body) {
    caller.requireFull();
    return Answers.revised(HttpStatus.CREATED, functions.create(caller, read(body)));
  }

  private NewFunction read(NewFunctionBody body) {
    FieldErrors errors = new FieldErrors();
    Optional<FunctionName> name = errors.check(() -> new FunctionName(given("name", body.name())));
    Optional<RuntimeName> runtime =
        errors.check(() -> new RuntimeName(given("runtime", body.runtime())));
    Optional<Handler> handler =
        optional(body.handler()).flatMap(v -> errors.check(() -> new Handler(v)));
    Optional<MemorySize> memory =
        optional(body.memory()).flatMap(v -> errors.check(() -> new MemorySize(v)));
    Optional<Timeout> timeout =
        optional(body.timeout()).flatMap(v -> errors.check(() -> new Timeout(v)));
    Optional<EnvironmentVariables> environment =
        optional(body.environment()).flatMap(v -> errors.check(() -> new EnvironmentVariables(v)));
    Optional<Description> description =
        optional(body.description()).flatMap(v -> errors.check(() -> new Description(v)));
    Optional<Architecture> architecture =
        optional(body.architecture()).flatMap(v -> errors.check(() -> architecture(v)));
    RunSettings.Change run =
        RunSettings.Change.read(
            body.isolation(), body.sandboxConcurrency(), body.onDisconnect(), errors);
    errors.throwIfAny();
    return new NewFunction(
        name.orElseThrow(),
        runtime.orElseThrow(),
        handler,
        memory,
        timeout,
        environment,
        description,
        architecture,
        run,
        optional(body.files()).map(files -> code.newBundle(files)));
  }

  @Operation(summary = "List functions", description = "Newest change first.")
  @GetMapping
  FunctionPage list(
      Caller caller,
      @Parameter(description = "Part of a name or description") @RequestParam(defaultValue = "")
          String q,
      @Parameter(description = "How many, 1 to 100") @RequestParam(defaultValue = "50") int limit,
      @Parameter(description = "nextCursor of the page before") @RequestParam(required = false)
          @Nullable String cursor) {
    return functions.list(caller, q, Answers.limit(limit), cursor);
  }

  @Operation(summary = "Read a function", description = "The ETag is its revision.")
  @GetMapping("/{name}")
  ResponseEntity<FunctionView> get(Caller caller, @PathVariable FunctionName name) {
    return Answers.revised(HttpStatus.OK, functions.get(caller, name));
  }

  @Operation(
      summary = "Configure a function",
      description =
          "Changes the draft; what is left out stays. Takes effect at once for calls of $LATEST. 412 RevisionMismatch when"
              + " somebody has changed the draft since, with who and when.")
  @PatchMapping("/{name}")
  ResponseEntity<FunctionView> configure(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "ETag of the state the edit was made from, or *")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody ConfigurationBody body) {
    caller.requireFull();
    Precondition precondition = Precondition.require(ifMatch);
    FieldErrors errors = new FieldErrors();
    ConfigurationChange change =
        new ConfigurationChange(
            optional(body.runtime()).flatMap(v -> errors.check(() -> new RuntimeName(v))),
            optional(body.handler()).flatMap(v -> errors.check(() -> new Handler(v))),
            optional(body.memory()).flatMap(v -> errors.check(() -> new MemorySize(v))),
            optional(body.timeout()).flatMap(v -> errors.check(() -> new Timeout(v))),
            optional(body.environment())
                .flatMap(v -> errors.check(() -> new EnvironmentVariables(v))),
            optional(body.description()).flatMap(v -> errors.check(() -> new Description(v))),
            RunSettings.Change.read(
                body.isolation(), body.sandboxConcurrency(), body.onDisconnect(), errors));
    errors.throwIfAny();
    return Answers.revised(HttpStatus.OK, functions.configure(caller, name, change, precondition));
  }

  @Operation(
      summary = "Delete a function",
      description =
          "With all its versions, aliases and test events. It can be taken back for 30 days.")
  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      Caller caller,
      @PathVariable FunctionName name,
      @Parameter(description = "ETag of the state that is to be deleted")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch) {
    caller.requireFull();
    functions.delete(caller, name, Precondition.parse(ifMatch));
  }

  private static String given(String field, @Nullable String value) {
    if (value == null) {
      throw new InvalidValueException(field, null, field + " is missing");
    }
    return value;
  }

  private static <T> Optional<T> optional(@Nullable T value) {
    return Optional.ofNullable(value);
  }

  private static Architecture architecture(String word) {
    for (Architecture architecture : Architecture.values()) {
      if (FunctionConfiguration.word(architecture).equals(word)) {
        return architecture;
      }
    }
    String known =
        Arrays.stream(Architecture.values())
            .map(FunctionConfiguration::word)
            .collect(Collectors.joining(" or "));
    throw new InvalidValueException(
        "architecture",
        Shown.of(word),
        "architecture must be " + known + ", was " + Shown.of(word));
  }

  /** Keeps the order of the caller's members. */
  static Map<String, JsonNode> files(@Nullable Map<String, JsonNode> files) {
    if (files == null) {
      throw new InvalidValueException("files", null, "files is missing");
    }
    return new LinkedHashMap<>(files);
  }
}
