package io.funkhaus.api.function.testevent;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.problem.InvalidValueException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/functions/{name}/test-events}. */
@RestController
@RequestMapping("/api/v1/functions/{name}/test-events")
@Tag(name = "Test events", description = "Events saved for trying a function")
class TestEventController {
  private final TestEvents events;

  TestEventController(TestEvents events) {
    this.events = events;
  }

  /** All events; there are at most 100 of a function, so they are one page. */
  record TestEventList(List<TestEventView> items, @Nullable String nextCursor) {}

  /** Body of a save. */
  record TestEventBody(
      @Schema(
              description = "Any JSON, as text; kept as it is written, at most 256 KB",
              example = "{\"name\": \"Alice\"}",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String event) {}

  @Operation(summary = "List test events", description = "By name.")
  @GetMapping
  TestEventList list(Caller caller, @PathVariable FunctionName name) {
    return new TestEventList(events.list(caller, name), null);
  }

  @Operation(summary = "Read a test event")
  @GetMapping("/{event}")
  TestEventView get(
      Caller caller, @PathVariable FunctionName name, @PathVariable TestEventName event) {
    return events.get(caller, name, event);
  }

  @Operation(
      summary = "Save a test event",
      description = "Creates it, or replaces the one that has the name.")
  @PutMapping("/{event}")
  TestEventView save(
      Caller caller,
      @PathVariable FunctionName name,
      @PathVariable TestEventName event,
      @RequestBody TestEventBody body) {
    caller.requireFull();
    if (body.event() == null) {
      throw new InvalidValueException("event", null, "event is missing");
    }
    return events.save(caller, name, event, body.event());
  }

  @Operation(summary = "Delete a test event")
  @DeleteMapping("/{event}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(Caller caller, @PathVariable FunctionName name, @PathVariable TestEventName event) {
    events.delete(caller, name, event);
  }
}
