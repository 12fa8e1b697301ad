package io.funkhaus.api.function.draft;

import io.funkhaus.api.bundle.Bundle;
import io.funkhaus.api.bundle.BundleAddress;
import io.funkhaus.api.bundle.Bundles;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.FunctionUndeleted;
import io.funkhaus.api.function.Missing;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.configuration.ConfigurationChange;
import io.funkhaus.api.function.configuration.Description;
import io.funkhaus.api.function.configuration.EnvironmentVariables;
import io.funkhaus.api.function.configuration.FunctionConfiguration;
import io.funkhaus.api.function.configuration.MemorySize;
import io.funkhaus.api.function.configuration.RunSettings;
import io.funkhaus.api.function.configuration.Timeout;
import io.funkhaus.api.function.resolution.FirstCalls;
import io.funkhaus.api.function.resolution.FunctionTargets;
import io.funkhaus.api.function.runtime.Runtimes;
import io.funkhaus.api.function.runtime.Samples;
import io.funkhaus.api.function.table.FunctionEntity;
import io.funkhaus.api.function.table.FunctionRepository;
import io.funkhaus.api.function.table.FunctionRows;
import io.funkhaus.api.function.table.RunnableColumns;
import io.funkhaus.api.function.table.VersionEntity;
import io.funkhaus.api.function.table.VersionRepository;
import io.funkhaus.api.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Functions and their drafts. A saved draft takes effect with the commit: calls that come later run
 * it, and sandboxes of the old draft are destroyed.
 */
@Service
public class Functions {
  /** Functions of one tenant. */
  public static final int MOST = 1000;

  /** How long a deleted function can be taken back. */
  public static final Duration UNDELETE = Duration.ofDays(30);

  private static final int MOST_DELETED = 100;

  private final FunctionRepository functions;
  private final VersionRepository versions;
  private final FunctionRows rows;
  private final Drafts drafts;
  private final FunctionTargets targets;
  private final FirstCalls firstCalls;
  private final Runtimes runtimes;
  private final Samples samples;
  private final Bundles bundles;
  private final RecentActivity activity;
  private final ApplicationEventPublisher events;

  Functions(
      FunctionRepository functions,
      VersionRepository versions,
      FunctionRows rows,
      Drafts drafts,
      FunctionTargets targets,
      FirstCalls firstCalls,
      Runtimes runtimes,
      Samples samples,
      Bundles bundles,
      RecentActivity activity,
      ApplicationEventPublisher events) {
    this.functions = functions;
    this.versions = versions;
    this.rows = rows;
    this.drafts = drafts;
    this.targets = targets;
    this.firstCalls = firstCalls;
    this.runtimes = runtimes;
    this.samples = samples;
    this.bundles = bundles;
    this.activity = activity;
    this.events = events;
  }

  /** Creates a function; without code it gets the sample of its runtime. */
  @Transactional
  public FunctionView create(Caller caller, NewFunction wanted) {
    caller.requireFull();
    FunctionConfiguration configuration = configuration(wanted);
    runtimes.check(configuration);
    return insert(caller, wanted, configuration);
  }

  /** As {@link #create}, whether or not the runtime is available yet: for the first function. */
  @Transactional(propagation = Propagation.MANDATORY)
  public FunctionView createUnchecked(Caller caller, NewFunction wanted) {
    return insert(caller, wanted, configuration(wanted));
  }

  private FunctionConfiguration configuration(NewFunction wanted) {
    return new FunctionConfiguration(
        wanted.runtime(),
        wanted.architecture().orElseGet(() -> runtimes.defaultArchitecture(wanted.runtime())),
        wanted.handler().orElse(runtimes.sampleHandler()),
        wanted.memory().orElse(MemorySize.DEFAULT),
        wanted.timeout().orElse(Timeout.DEFAULT),
        wanted.environment().orElse(EnvironmentVariables.NONE),
        RunSettings.DEFAULT.with(wanted.run()));
  }

  private FunctionView insert(
      Caller caller, NewFunction wanted, FunctionConfiguration configuration) {
    long tenant = caller.tenant().value();
    if (functions.find(tenant, wanted.name().value()).isPresent()) {
      throw taken(wanted.name());
    }
    if (functions.count(tenant) >= MOST) {
      throw ProblemException.conflict(
          "TooManyFunctions",
          "This workspace has " + MOST + " functions, the most there may be; delete one first.");
    }
    Bundle code = wanted.code().orElseGet(() -> samples.of(wanted.runtime()));
    BundleAddress address = bundles.save(caller.tenant(), code);
    FunctionEntity function =
        new FunctionEntity(
            new FunctionEntity.Id(tenant, functions.nextId()),
            wanted.name(),
            wanted.description().orElse(Description.NONE),
            RunnableColumns.of(configuration, address, code.manifest().sizeBytes()),
            caller.actor().displayName(),
            rows.now());
    FunctionEntity saved;
    try {
      saved = functions.saveAndFlush(function);
    } catch (DataIntegrityViolationException e) {
      throw taken(wanted.name());
    }
    targets.changed(caller.tenant(), wanted.name());
    firstCalls.prepare(caller, wanted.name(), Qualifier.DRAFT);
    return drafts.view(saved);
  }

  /**
   * Functions of the caller's tenant, newest change first.
   *
   * @param query part of a name or description; empty for all
   * @param cursor {@link FunctionPage#nextCursor()} of the page before; null for the first page
   */
  @Transactional(readOnly = true)
  public FunctionPage list(Caller caller, String query, int limit, @Nullable String cursor) {
    caller.requireFull();
    FunctionCursor from = FunctionCursor.parse(cursor);
    List<FunctionEntity> found =
        functions.newestFirst(
            caller.tenant().value(),
            pattern(query),
            from.updatedAt(),
            from.number(),
            Limit.of(limit + 1));
    List<FunctionEntity> page = found.size() > limit ? found.subList(0, limit) : found;
    return new FunctionPage(
        activity.summarise(caller.tenant(), views(caller, page)),
        found.size() > limit
            ? new FunctionCursor(page.getLast().updatedAt(), page.getLast().functionId().value())
                .text()
            : null);
  }

  private List<FunctionView> views(Caller caller, List<FunctionEntity> page) {
    List<Long> ids = page.stream().map(function -> function.functionId().value()).toList();
    Map<Long, VersionEntity> newest =
        versions.newestOfEach(caller.tenant().value(), ids).stream()
            .collect(Collectors.toMap(VersionEntity::functionNumber, Function.identity()));
    return page.stream()
        .map(function -> {
          VersionEntity version = newest.get(function.functionId().value());
          return FunctionView.of(
              function, version == null || !version.content().equals(function.draft()));
        })
        .toList();
  }

  private static String pattern(String query) {
    String escaped =
        query.toLowerCase(Locale.ROOT).replace("!", "!!").replace("%", "!%").replace("_", "!_");
    return "%" + escaped.replace("\0", "") + "%";
  }

  /** One function. */
  @Transactional(readOnly = true)
  public FunctionView get(Caller caller, FunctionName name) {
    caller.requireFull();
    return drafts.view(rows.find(caller.tenant(), name));
  }

  /** Changes the draft's configuration. */
  @Transactional
  public FunctionView configure(
      Caller caller, FunctionName name, ConfigurationChange change, Precondition precondition) {
    caller.requireFull();
    FunctionEntity function = rows.findLocked(caller.tenant(), name);
    function.check(precondition);
    RunnableColumns before = function.draft();
    FunctionConfiguration after = before.configuration().with(change);
    if (!after.equals(before.configuration())) {
      runtimes.check(after);
    }
    return drafts.change(
        caller,
        function,
        RunnableColumns.of(after, before.code(), before.codeSizeBytes()),
        change.description().map(Description::value).orElse(function.description()));
  }

  /** Replaces the draft's code, all of it. */
  @Transactional
  public FunctionView saveCode(
      Caller caller, FunctionName name, Bundle code, Precondition precondition) {
    caller.requireFull();
    if (!functions.isThere(caller.tenant().value(), name.value())) {
      throw Missing.function(name);
    }
    BundleAddress address = bundles.save(caller.tenant(), code);
    FunctionEntity function = rows.findLocked(caller.tenant(), name);
    function.check(precondition);
    return drafts.change(
        caller,
        function,
        RunnableColumns.of(function.draft().configuration(), address, code.manifest().sizeBytes()),
        function.description());
  }

  /** Deletes a function with all its versions; it can be taken back for {@link #UNDELETE}. */
  @Transactional
  public void delete(Caller caller, FunctionName name, Precondition precondition) {
    caller.requireFull();
    FunctionEntity function = rows.findLocked(caller.tenant(), name);
    function.check(precondition);
    function.delete(rows.now());
    functions.saveAndFlush(function);
    targets.changed(caller.tenant(), name);
    String reason = "the function was deleted";
    targets.retire(
        FunctionTargets.spec(caller.account(), name, Qualifier.LATEST, function.draft()), reason);
    List<VersionEntity> all =
        versions.newestFirst(
            caller.tenant().value(),
            function.functionId().value(),
            Integer.MAX_VALUE,
            Limit.unlimited());
    for (VersionEntity version : all) {
      targets.retire(
          FunctionTargets.spec(
              caller.account(), name, version.number().toString(), version.content()),
          reason);
    }
  }

  /** What can be taken back, last deleted first. */
  @Transactional(readOnly = true)
  public List<DeletedFunction> deleted(Caller caller) {
    caller.requireFull();
    return functions.deleted(caller.tenant().value(), Limit.of(MOST_DELETED)).stream()
        .map(function -> {
          Instant at = function.deletedAt().orElseThrow();
          return new DeletedFunction(function.name().value(), at, at.plus(UNDELETE));
        })
        .toList();
  }

  /** Takes back the last deleted function of that name, as it was. */
  @Transactional
  public FunctionView undelete(Caller caller, FunctionName name) {
    caller.requireFull();
    long tenant = caller.tenant().value();
    List<FunctionEntity> found = functions.deletedLocked(tenant, name.value(), Limit.of(1));
    if (found.isEmpty()) {
      throw ProblemException.notFound(
          "FunctionNotFound", "There is no deleted function " + name + " in this workspace.");
    }
    if (functions.find(tenant, name.value()).isPresent()) {
      throw taken(name);
    }
    FunctionEntity function = found.getFirst();
    function.undelete(caller.actor().displayName(), rows.now());
    try {
      functions.saveAndFlush(function);
    } catch (DataIntegrityViolationException e) {
      throw taken(name);
    }
    events.publishEvent(new FunctionUndeleted(caller, function.functionId(), name));
    targets.changed(caller.tenant(), name);
    firstCalls.prepare(caller, name, Qualifier.DRAFT);
    return drafts.view(function);
  }

  private static ProblemException taken(FunctionName name) {
    return ProblemException.conflict(
        "FunctionExists", "This workspace has a function " + name + " already.");
  }
}
