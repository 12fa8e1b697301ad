package io.funkhaus.api.key;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.Scope;
import io.funkhaus.api.problem.FieldErrors;
import io.funkhaus.api.problem.InvalidValueException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/keys}. */
@RestController
@RequestMapping("/api/v1/keys")
class KeyController {

  private static final int MAX_LIMIT = 100;

  private final ApiKeys keys;

  KeyController(ApiKeys keys) {
    this.keys = keys;
  }

  /** Body of a creation. */
  record NewKey(@Nullable String name, @Nullable String scope, @Nullable Instant expiresAt) {}

  /** Body of a change. */
  record KeyChange(@Nullable String name) {}

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  CreatedKey create(Caller caller, @RequestBody NewKey body) {
    caller.requireFull();
    FieldErrors errors = new FieldErrors();
    Optional<KeyName> name = errors.check(() -> name(body.name()));
    Optional<Scope> scope = errors.check(() -> scope(body.scope()));
    errors.throwIfAny();
    return keys.create(caller, name.orElseThrow(), scope.orElseThrow(), body.expiresAt());
  }

  @GetMapping
  KeyPage list(
      Caller caller,
      @RequestParam(defaultValue = "50") int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new InvalidValueException(
          "limit", limit, "limit must be 1 to " + MAX_LIMIT + ", was " + limit);
    }
    return keys.list(caller, limit, Optional.ofNullable(cursor).map(KeyController::cursor));
  }

  @GetMapping("/{id}")
  ApiKey get(Caller caller, @PathVariable String id) {
    return keys.get(caller, id);
  }

  @PatchMapping("/{id}")
  ApiKey rename(Caller caller, @PathVariable String id, @RequestBody KeyChange body) {
    caller.requireFull();
    return keys.rename(caller, id, name(body.name()));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(Caller caller, @PathVariable String id) {
    keys.revoke(caller, id);
  }

  private static KeyName name(@Nullable String name) {
    if (name == null) {
      throw new InvalidValueException("name", null, "name is missing");
    }
    return new KeyName(name);
  }

  private static Scope scope(@Nullable String word) {
    return Optional.ofNullable(word)
        .flatMap(Scope::ofWord)
        .orElseThrow(() ->
            new InvalidValueException(
                "scope",
                word,
                "scope must be invoke or full, "
                    + (word == null ? "and is missing" : "was " + word)));
  }

  private static KeyId cursor(String cursor) {
    if (!KeyId.isWellFormed(cursor)) {
      throw new InvalidValueException(
          "cursor", null, "cursor must be the nextCursor of the page before");
    }
    return new KeyId(cursor);
  }
}
