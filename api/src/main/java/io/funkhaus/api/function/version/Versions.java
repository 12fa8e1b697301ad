package io.funkhaus.api.function.version;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.Qualifier;
import io.funkhaus.api.function.VersionNote;
import io.funkhaus.api.function.VersionNumber;
import io.funkhaus.api.function.draft.Drafts;
import io.funkhaus.api.function.draft.FunctionView;
import io.funkhaus.api.function.resolution.FirstCalls;
import io.funkhaus.api.function.table.FunctionEntity;
import io.funkhaus.api.function.table.FunctionRepository;
import io.funkhaus.api.function.table.FunctionRows;
import io.funkhaus.api.function.table.VersionEntity;
import io.funkhaus.api.function.table.VersionRepository;
import io.funkhaus.api.problem.InvalidValueException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Published versions: immutable, numbered, never deleted while their function is there. */
@Service
public class Versions {
  private final VersionRepository versions;
  private final FunctionRepository functions;
  private final FunctionRows rows;
  private final Drafts drafts;
  private final FirstCalls firstCalls;

  Versions(
      VersionRepository versions,
      FunctionRepository functions,
      FunctionRows rows,
      Drafts drafts,
      FirstCalls firstCalls) {
    this.versions = versions;
    this.functions = functions;
    this.rows = rows;
    this.drafts = drafts;
    this.firstCalls = firstCalls;
  }

  /** Freezes the draft as the next version, unless the newest version is the same. */
  @Transactional
  public PublishedVersion publish(
      Caller caller, FunctionName name, VersionNote note, Precondition precondition) {
    caller.requireFull();
    FunctionEntity function = rows.findLocked(caller.tenant(), name);
    function.check(precondition);
    Optional<VersionEntity> newest = rows.newestVersion(function);
    if (newest.isPresent() && newest.get().content().equals(function.draft())) {
      return new PublishedVersion(VersionView.of(newest.get()), false);
    }
    VersionEntity version =
        new VersionEntity(
            new VersionEntity.Id(
                caller.tenant().value(), function.functionId().value(), function.nextVersion()),
            note,
            caller.actor().displayName(),
            rows.now(),
            function.draft());
    functions.saveAndFlush(function);
    VersionView published = VersionView.of(versions.saveAndFlush(version));
    firstCalls.prepare(caller, name, new Qualifier.Numbered(new VersionNumber(published.number())));
    return new PublishedVersion(published, true);
  }

  /**
   * Versions of a function, newest first.
   *
   * @param cursor {@link VersionPage#nextCursor()} of the page before; null for the first page
   */
  @Transactional(readOnly = true)
  public VersionPage list(Caller caller, FunctionName name, int limit, @Nullable String cursor) {
    caller.requireFull();
    FunctionEntity function = rows.find(caller.tenant(), name);
    List<VersionView> found =
        versions
            .newestFirst(
                caller.tenant().value(),
                function.functionId().value(),
                before(cursor),
                Limit.of(limit + 1))
            .stream()
            .map(VersionView::of)
            .toList();
    if (found.size() <= limit) {
      return new VersionPage(found, null);
    }
    List<VersionView> page = List.copyOf(found.subList(0, limit));
    return new VersionPage(page, Integer.toString(page.getLast().number()));
  }

  private static int before(@Nullable String cursor) {
    if (cursor == null) {
      return Integer.MAX_VALUE;
    }
    if (!cursor.matches("[0-9]{1,9}")) {
      throw new InvalidValueException(
          "cursor", null, "cursor must be the nextCursor of the page before");
    }
    return Integer.parseInt(cursor);
  }

  /** One version. */
  @Transactional(readOnly = true)
  public VersionView get(Caller caller, FunctionName name, VersionNumber number) {
    caller.requireFull();
    return VersionView.of(rows.version(rows.find(caller.tenant(), name), number));
  }

  /** Copies a version's code and configuration into the draft. */
  @Transactional
  public FunctionView restore(
      Caller caller, FunctionName name, VersionNumber number, Precondition precondition) {
    caller.requireFull();
    FunctionEntity function = rows.findLocked(caller.tenant(), name);
    function.check(precondition);
    VersionEntity version = rows.version(function, number);
    return drafts.change(caller, function, version.content(), function.description());
  }
}
