package io.funkhaus.api.function.alias;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.AliasDeleted;
import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.AliasRouting;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Missing;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.function.table.AliasEntity;
import io.funkhaus.api.function.table.AliasRepository;
import io.funkhaus.api.function.table.FunctionEntity;
import io.funkhaus.api.function.table.FunctionRows;
import io.funkhaus.api.problem.ProblemException;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Aliases: where they point to takes effect with the commit. */
@Service
public class Aliases {
  /** Aliases of one function. */
  public static final int MOST = 100;

  private final AliasRepository aliases;
  private final FunctionRows rows;
  private final FunctionTargets targets;
  private final ApplicationEventPublisher events;

  Aliases(
      AliasRepository aliases,
      FunctionRows rows,
      FunctionTargets targets,
      ApplicationEventPublisher events) {
    this.aliases = aliases;
    this.rows = rows;
    this.targets = targets;
    this.events = events;
  }

  /** All aliases of a function, by name. */
  @Transactional(readOnly = true)
  public List<AliasView> list(Caller caller, FunctionName name) {
    caller.requireFull();
    FunctionEntity function = rows.find(caller.tenant(), name);
    return all(function).stream().map(AliasView::of).toList();
  }

  /** One alias. */
  @Transactional(readOnly = true)
  public AliasView get(Caller caller, FunctionName name, AliasName alias) {
    caller.requireFull();
    return AliasView.of(find(rows.find(caller.tenant(), name), alias));
  }

  /** Creates an alias. */
  @Transactional
  public AliasView create(Caller caller, FunctionName name, AliasName alias, AliasRouting routing) {
    caller.requireFull();
    FunctionEntity function = rows.findLocked(caller.tenant(), name);
    checkVersions(function, routing);
    List<AliasEntity> existing = all(function);
    if (existing.stream().anyMatch(other -> other.name().equals(alias))) {
      throw ProblemException.conflict(
          "AliasExists", "Function " + name + " has an alias " + alias + " already.");
    }
    if (existing.size() >= MOST) {
      throw ProblemException.conflict(
          "TooManyAliases",
          "Function "
              + name
              + " has "
              + MOST
              + " aliases, the most there may be; delete one first.");
    }
    AliasEntity created =
        new AliasEntity(id(function, alias), routing, caller.actor().displayName(), rows.now());
    AliasView view = AliasView.of(aliases.saveAndFlush(created));
    targets.changed(caller.tenant(), name);
    return view;
  }

  /** Points an alias elsewhere. */
  @Transactional
  public AliasView move(
      Caller caller,
      FunctionName name,
      AliasName alias,
      AliasRouting routing,
      Precondition precondition) {
    caller.requireFull();
    FunctionEntity function = rows.findLocked(caller.tenant(), name);
    AliasEntity found = find(function, alias);
    found.check(precondition);
    checkVersions(function, routing);
    found.move(routing, caller.actor().displayName(), rows.now());
    AliasView view = AliasView.of(aliases.saveAndFlush(found));
    targets.changed(caller.tenant(), name);
    return view;
  }

  /** Deletes an alias; the versions stay. */
  @Transactional
  public void delete(Caller caller, FunctionName name, AliasName alias, Precondition precondition) {
    caller.requireFull();
    FunctionEntity function = rows.findLocked(caller.tenant(), name);
    AliasEntity found = find(function, alias);
    found.check(precondition);
    aliases.delete(found);
    events.publishEvent(new AliasDeleted(caller.tenant(), function.functionId(), alias));
    targets.changed(caller.tenant(), name);
  }

  private void checkVersions(FunctionEntity function, AliasRouting routing) {
    rows.version(function, routing.version());
    AliasRouting.Share additional = routing.additional();
    if (additional != null) {
      rows.version(function, additional.version());
    }
  }

  private AliasEntity find(FunctionEntity function, AliasName alias) {
    return aliases
        .findById(id(function, alias))
        .orElseThrow(() -> Missing.alias(function.name(), alias));
  }

  private List<AliasEntity> all(FunctionEntity function) {
    return aliases.byName(function.tenant().value(), function.functionId().value());
  }

  private static AliasEntity.Id id(FunctionEntity function, AliasName alias) {
    return new AliasEntity.Id(
        function.tenant().value(), function.functionId().value(), alias.value());
  }
}
