package io.funkhaus.api.function.first;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.VersionNote;
import io.funkhaus.api.function.configuration.RuntimeName;
import io.funkhaus.api.function.draft.Functions;
import io.funkhaus.api.function.draft.NewFunction;
import io.funkhaus.api.function.testevent.TestEventName;
import io.funkhaus.api.function.testevent.TestEvents;
import io.funkhaus.api.function.version.Versions;
import io.funkhaus.api.tenant.TenantCreated;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Gives each new tenant a working function, so that the first thing its owner sees is something to
 * run. Part of the transaction that creates the tenant.
 */
@Component
class FirstFunction {
  static final FunctionName NAME = new FunctionName("hello");
  private static final RuntimeName RUNTIME = new RuntimeName("nodejs22.x");

  private final Functions functions;
  private final Versions versions;
  private final TestEvents events;

  FirstFunction(Functions functions, Versions versions, TestEvents events) {
    this.functions = functions;
    this.versions = versions;
    this.events = events;
  }

  @EventListener
  void create(TenantCreated created) {
    Caller owner = created.owner();
    functions.createUnchecked(owner, NewFunction.sample(NAME, RUNTIME));
    versions.publish(owner, NAME, new VersionNote("The sample"), Precondition.NONE);
    events.save(owner, NAME, new TestEventName("Alice"), "{\n  \"name\": \"Alice\"\n}");
  }
}
