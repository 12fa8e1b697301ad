package io.funkhaus.api.function.draft;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.function.table.FunctionEntity;
import io.funkhaus.api.function.table.FunctionRepository;
import io.funkhaus.api.function.table.FunctionRows;
import io.funkhaus.api.function.table.RunnableColumns;
import org.springframework.stereotype.Component;

/** Changes drafts and tells the rest of the platform. */
@Component
public class Drafts {
  private final FunctionRepository functions;
  private final FunctionRows rows;
  private final FunctionTargets targets;

  Drafts(FunctionRepository functions, FunctionRows rows, FunctionTargets targets) {
    this.functions = functions;
    this.rows = rows;
    this.targets = targets;
  }

  public FunctionView view(FunctionEntity function) {
    boolean differs =
        rows.newestVersion(function)
            .map(newest -> !newest.content().equals(function.draft()))
            .orElse(true);
    return FunctionView.of(function, differs);
  }

  /** Replaces a locked function's draft; from the commit on no call runs the old one. */
  public FunctionView change(
      Caller caller, FunctionEntity function, RunnableColumns draft, String description) {
    RunnableColumns before = function.draft();
    function.change(draft, description, caller.actor().displayName(), rows.now());
    FunctionEntity saved = functions.saveAndFlush(function);
    targets.changed(caller.tenant(), saved.name());
    if (!before.equals(draft)) {
      targets.retire(
          FunctionTargets.spec(caller.account(), saved.name(), Qualifier.LATEST, before),
          "the draft was changed");
    }
    return view(saved);
  }
}
