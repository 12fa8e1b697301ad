package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.recording.InvocationStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Reading what ran: {@code GET …/invocations}, one of them, its log. */
@RestController
class InvocationListController {
  private static final int DEFAULT_LIMIT = 50;
  private static final MediaType UTF8_TEXT =
      new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

  private final Invocations invocations;
  private final FunctionTargets functions;

  InvocationListController(Invocations invocations, FunctionTargets functions) {
    this.invocations = invocations;
    this.functions = functions;
  }

  /** The query of a list, as text; each may be missing. */
  record ListParameters(
      @Nullable String function,
      @Nullable String status,
      @Nullable String version,
      @Nullable String key,
      @Nullable String from,
      @Nullable String to,
      @Nullable String q,
      @Nullable String cursor,
      @Nullable Integer limit) {

    InvocationFilter filter() {
      return new InvocationFilter(
          given(function).map(FunctionName::new),
          given(status).map(ListParameters::parseStatus),
          given(version),
          given(key).map(ListParameters::parseKey),
          given(from).map(text -> parseInstant("from", text)),
          given(to).map(text -> parseInstant("to", text)),
          given(q));
    }

    int checkedLimit() {
      int wanted = limit == null ? DEFAULT_LIMIT : limit;
      if (wanted < 1 || wanted > Invocations.MAX_LIMIT) {
        throw new InvalidValueException(
            "limit", wanted, "limit must be 1 to " + Invocations.MAX_LIMIT + ", was " + wanted);
      }
      return wanted;
    }

    private static Optional<String> given(@Nullable String text) {
      return Optional.ofNullable(text).filter(value -> !value.isEmpty());
    }

    private static InvocationStatus parseStatus(String text) {
      return InvocationStatus.find(text)
          .orElseThrow(() ->
              new InvalidValueException(
                  "status",
                  text,
                  "status must be one of "
                      + Arrays.stream(InvocationStatus.values())
                          .map(InvocationStatus::text)
                          .collect(Collectors.joining(", "))
                      + ", was "
                      + text));
    }

    private static KeyId parseKey(String text) {
      if (!KeyId.isWellFormed(text)) {
        throw new InvalidValueException("key", text, "key must be the id of an API key");
      }
      return new KeyId(text);
    }

    private static Instant parseInstant(String field, String text) {
      try {
        if (!text.startsWith("+") && !text.startsWith("-")) {
          return Instant.parse(text);
        }
      } catch (DateTimeParseException e) {
        // Refused below, like a year with a sign, which the database may not know.
      }
      throw new InvalidValueException(
          field, text, field + " must be a time like 2026-11-21T09:30:00Z, was " + text);
    }
  }

  @GetMapping("/api/v1/invocations")
  InvocationPage listAll(
      Caller caller, @ParameterObject @ModelAttribute ListParameters parameters) {
    return list(caller, parameters.filter(), parameters);
  }

  @GetMapping("/api/v1/functions/{name}/invocations")
  InvocationPage listOfFunction(
      Caller caller,
      @PathVariable String name,
      @ParameterObject @ModelAttribute ListParameters parameters) {
    FunctionName function = new FunctionName(name);
    functions.resolve(caller.requireFull().tenant(), caller.account(), function, Qualifier.DRAFT);
    InvocationFilter filter = parameters.filter();
    return list(
        caller,
        new InvocationFilter(
            Optional.of(function),
            filter.status(),
            filter.version(),
            filter.key(),
            filter.from(),
            filter.to(),
            filter.text()),
        parameters);
  }

  private InvocationPage list(Caller caller, InvocationFilter filter, ListParameters parameters) {
    return invocations.list(
        caller, filter, ListParameters.given(parameters.cursor()), parameters.checkedLimit());
  }

  @GetMapping("/api/v1/invocations/{requestId}")
  InvocationDetails get(Caller caller, @PathVariable String requestId) {
    return invocations.get(caller, parseId(requestId));
  }

  /** Text, unless the caller asks for JSON and not for text. */
  @GetMapping("/api/v1/invocations/{requestId}/log")
  ResponseEntity<?> log(
      Caller caller,
      @PathVariable String requestId,
      @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.ALL_VALUE) String accept) {
    InvocationLog log = invocations.log(caller, parseId(requestId));
    boolean json = accept.contains("json") && !accept.contains("text/");
    return json
        ? ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(log)
        : ResponseEntity.ok().contentType(UTF8_TEXT).body(log.text());
  }

  private static UUID parseId(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("requestId", text, "requestId must be a UUID, was " + text);
    }
  }
}
