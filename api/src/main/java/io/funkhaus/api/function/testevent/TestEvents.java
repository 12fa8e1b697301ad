package io.funkhaus.api.function.testevent;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.table.FunctionEntity;
import io.funkhaus.api.function.table.FunctionRows;
import io.funkhaus.api.problem.InvalidValueException;
import io.funkhaus.api.problem.JsonMistake;
import io.funkhaus.api.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/** Events saved for trying a function. */
@Service
public class TestEvents {
  /** Events of one function. */
  public static final int MOST = 100;

  /** UTF-8 bytes of one event. */
  public static final int MAX_BYTES = 256 * 1024;

  private final TestEventRepository events;
  private final FunctionRows rows;
  private final JsonMapper json;

  TestEvents(TestEventRepository events, FunctionRows rows, JsonMapper json) {
    this.events = events;
    this.rows = rows;
    this.json = json;
  }

  /** All events of a function, by name. */
  @Transactional(readOnly = true)
  public List<TestEventView> list(Caller caller, FunctionName name) {
    caller.requireFull();
    FunctionEntity function = rows.find(caller.tenant(), name);
    return events.byName(function.tenant().value(), function.functionId().value()).stream()
        .map(TestEventEntity::view)
        .toList();
  }

  /** One event. */
  @Transactional(readOnly = true)
  public TestEventView get(Caller caller, FunctionName name, TestEventName event) {
    caller.requireFull();
    FunctionEntity function = rows.find(caller.tenant(), name);
    return events
        .findById(id(function, event))
        .map(TestEventEntity::view)
        .orElseThrow(() -> missing(name, event));
  }

  /** Saves an event under a name, in place of the one that has it. */
  @Transactional
  public TestEventView save(Caller caller, FunctionName name, TestEventName event, String text) {
    caller.requireFull();
    check(text);
    FunctionEntity function = rows.findLocked(caller.tenant(), name);
    Optional<TestEventEntity> existing = events.findById(id(function, event));
    if (existing.isPresent()) {
      existing.get().replace(text, caller.actor().displayName(), rows.now());
      return events.saveAndFlush(existing.get()).view();
    }
    if (events.count(function.tenant().value(), function.functionId().value()) >= MOST) {
      throw ProblemException.conflict(
          "TooManyTestEvents",
          "Function "
              + name
              + " has "
              + MOST
              + " test events, the most there may be; delete one first.");
    }
    return events
        .saveAndFlush(
            new TestEventEntity(
                id(function, event), text, caller.actor().displayName(), rows.now()))
        .view();
  }

  /** Deletes an event. */
  @Transactional
  public void delete(Caller caller, FunctionName name, TestEventName event) {
    caller.requireFull();
    FunctionEntity function = rows.findLocked(caller.tenant(), name);
    events.delete(events.findById(id(function, event)).orElseThrow(() -> missing(name, event)));
  }

  private void check(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new InvalidValueException(
          "event", null, "event must be at most " + MAX_BYTES + " bytes, was " + bytes);
    }
    try (JsonParser parser = json.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new InvalidValueException("event", null, "event must be JSON text, was empty");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new InvalidValueException(
            "event", null, "event must be one JSON value, more follows after the first");
      }
    } catch (JacksonException e) {
      throw new InvalidValueException(
          "event",
          null,
          "event must be JSON text; line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": "
              + JsonMistake.of(e));
    }
  }

  private static ProblemException missing(FunctionName name, TestEventName event) {
    return ProblemException.notFound(
        "TestEventNotFound", "Function " + name + " has no test event " + event + ".");
  }

  private static TestEventEntity.Id id(FunctionEntity function, TestEventName event) {
    return new TestEventEntity.Id(
        function.tenant().value(), function.functionId().value(), event.value());
  }
}
