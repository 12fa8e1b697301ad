package io.funkhaus.api.function.alias;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.AliasRouting;
import io.funkhaus.api.function.Answers;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.VersionNumber;
import io.funkhaus.api.problem.FieldErrors;
import io.funkhaus.api.problem.InvalidValueException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/functions/{name}/aliases}. */
@RestController
@RequestMapping("/api/v1/functions/{name}/aliases")
@Tag(name = "Aliases", description = "Movable names for versions")
class AliasController {
  private final Aliases aliases;

  AliasController(Aliases aliases) {
    this.aliases = aliases;
  }

  /** All aliases; there are at most 100 of a function, so they are one page. */
  record AliasList(List<AliasView> items, @Nullable String nextCursor) {}

  /** Body of a creation. */
  record NewAliasBody(
      @Schema(
              description = "1 to 128 letters, digits, hyphens or underscores, not all digits",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String name,
      @Schema(
              description = "Gets the calls that additionalVersion does not get",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable Integer version,
      @Schema(description = "For a split between two versions")
          @Nullable AdditionalBody additionalVersion) {}

  /** Body of a move. */
  record AliasBody(
      @Schema(
              description = "Gets the calls that additionalVersion does not get",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable Integer version,
      @Schema(description = "For a split between two versions; left out ends one")
          @Nullable AdditionalBody additionalVersion) {}

  /** The second version of a split. */
  record AdditionalBody(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable Integer version,
      @Schema(
              description = "Share of the calls, 0 to 1",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable Double weight) {}

  @Operation(summary = "List aliases", description = "By name.")
  @GetMapping
  AliasList list(Caller caller, @PathVariable FunctionName name) {
    return new AliasList(aliases.list(caller, name), null);
  }

  @Operation(summary = "Create an alias", description = "409 AliasExists when the name is taken.")
  @PostMapping
  ResponseEntity<AliasView> create(
      Caller caller, @PathVariable FunctionName name, @RequestBody NewAliasBody body) {
    caller.requireFull();
    FieldErrors errors = new FieldErrors();
    Optional<AliasName> alias = errors.check(() -> new AliasName(given("name", body.name())));
    Optional<AliasRouting> routing =
        errors.check(() -> routing(body.version(), body.additionalVersion()));
    errors.throwIfAny();
    return Answers.revised(
        HttpStatus.CREATED,
        aliases.create(caller, name, alias.orElseThrow(), routing.orElseThrow()));
  }

  @Operation(summary = "Read an alias", description = "The ETag is its revision.")
  @GetMapping("/{alias}")
  ResponseEntity<AliasView> get(
      Caller caller, @PathVariable FunctionName name, @PathVariable AliasName alias) {
    return Answers.revised(HttpStatus.OK, aliases.get(caller, name, alias));
  }

  @Operation(summary = "Move an alias", description = "Takes effect at once.")
  @PutMapping("/{alias}")
  ResponseEntity<AliasView> move(
      Caller caller,
      @PathVariable FunctionName name,
      @PathVariable AliasName alias,
      @Parameter(description = "ETag of the alias the edit was made from")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody AliasBody body) {
    caller.requireFull();
    return Answers.revised(
        HttpStatus.OK,
        aliases.move(
            caller,
            name,
            alias,
            routing(body.version(), body.additionalVersion()),
            Precondition.parse(ifMatch)));
  }

  @Operation(summary = "Delete an alias", description = "The versions stay.")
  @DeleteMapping("/{alias}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      Caller caller,
      @PathVariable FunctionName name,
      @PathVariable AliasName alias,
      @Parameter(description = "ETag of the alias that is to be deleted")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch) {
    caller.requireFull();
    aliases.delete(caller, name, alias, Precondition.parse(ifMatch));
  }

  private static AliasRouting routing(
      @Nullable Integer version, @Nullable AdditionalBody additional) {
    return new AliasRouting(
        new VersionNumber(given("version", version)),
        additional == null
            ? null
            : new AliasRouting.Share(
                new VersionNumber(given("additionalVersion.version", additional.version())),
                given("additionalVersion.weight", additional.weight())));
  }

  private static <T> T given(String field, @Nullable T value) {
    if (value == null) {
      throw new InvalidValueException(field, null, field + " is missing");
    }
    return value;
  }
}
