package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.problem.ProblemException;
import io.funkhaus.api.recording.FunctionError;
import io.funkhaus.api.recording.InvocationRecord.Measures;
import io.funkhaus.api.recording.InvocationRecorder;
import io.funkhaus.api.recording.InvocationStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What ran, read back: used by the REST controller and by the console's pages. A reader sees
 * everything that was answered before it asked.
 */
public final class Invocations {
  static final int MAX_LIMIT = 100;

  private static final Duration OWN_WRITES = Duration.ofSeconds(2);
  private static final int SEARCH_SECONDS = 10;

  private static final String LIST_COLUMNS =
      "request_id, function_name, version, alias, trigger, key_id, key_name, status, error_type,"
          + " error_message, started_at, queue_micros, init_micros, run_micros, billed_millis,"
          + " cold_start, memory, peak_memory_bytes, payload_bytes, result_bytes, log_bytes,"
          + " log_dropped_bytes";

  private static final String ONE =
      " WHERE i.tenant_id = ? AND i.request_id = ? AND i.started_at BETWEEN ? AND ?";

  private final JdbcClient database;
  private final InvocationRecorder recorder;
  private final UnderWay underWay;

  Invocations(DataSource database, InvocationRecorder recorder, UnderWay underWay) {
    JdbcTemplate bounded = new JdbcTemplate(database);
    bounded.setQueryTimeout(SEARCH_SECONDS);
    this.database = JdbcClient.create(bounded);
    this.recorder = recorder;
    this.underWay = underWay;
  }

  /**
   * The newest that pass the filter.
   *
   * @param cursor {@code nextCursor} of the page before
   * @param limit at most so many, 1 to 100
   */
  public InvocationPage list(
      Caller caller, InvocationFilter filter, Optional<String> cursor, int limit) {
    TenantId tenant = caller.requireFull().tenant();
    // Before the database is asked: what ends in between is shown twice rather than not at all.
    List<InvocationView> now = cursor.isEmpty() ? underWay.list(tenant, filter, limit) : List.of();
    recorder.flush(OWN_WRITES);
    InvocationQuery query = new InvocationQuery(tenant, filter);
    cursor.map(InvocationCursor::parse).ifPresent(query::behind);
    List<InvocationView> found;
    try {
      found =
          database
              .sql("SELECT " + LIST_COLUMNS + query.rest(limit + 1))
              .params(query.parameters())
              .query((row, number) -> view(row))
              .list();
    } catch (QueryTimeoutException e) {
      throw tooSlow(
          "The search" + filter.text().map(text -> " for '" + text + "'").orElse(""),
          "narrow it with from and to, or with a function.");
    }
    if (found.size() <= limit) {
      return new InvocationPage(now, found, null);
    }
    List<InvocationView> page = found.subList(0, limit);
    InvocationView last = page.getLast();
    return new InvocationPage(
        now, page, new InvocationCursor(last.startedAt(), last.requestId()).toString());
  }

  private static ProblemException tooSlow(String search, String wayOut) {
    return new ProblemException(
        HttpStatus.SERVICE_UNAVAILABLE,
        "SearchTooSlow",
        "Search too slow",
        search + " took longer than " + SEARCH_SECONDS + " seconds; " + wayOut);
  }

  /** One invocation with payload, result and error; before its end, with what it waits for. */
  public InvocationDetails get(Caller caller, UUID requestId) {
    TenantId tenant = caller.requireFull().tenant();
    return underWay.find(tenant, requestId).orElseGet(() -> ended(tenant, requestId));
  }

  private InvocationDetails ended(TenantId tenant, UUID requestId) {
    return one(
        tenant,
        requestId,
        "SELECT " + LIST_COLUMNS + ", payload, result, error_trace FROM invocations i" + ONE,
        (row, number) -> details(row));
  }

  private <T> T one(TenantId tenant, UUID requestId, String sql, RowMapper<T> mapper) {
    recorder.flush(OWN_WRITES);
    RequestWindow window = RequestWindow.of(requestId);
    try {
      return database
          .sql(sql)
          .params(tenant.value(), requestId, window.from(), window.to())
          .query(mapper)
          .optional()
          .orElseThrow(() -> missing(requestId));
    } catch (QueryTimeoutException e) {
      throw tooSlow("The search for invocation " + requestId, "try again in a while.");
    }
  }

  /** The log of one invocation, from START to REPORT. */
  public InvocationLog log(Caller caller, UUID requestId) {
    TenantId tenant = caller.requireFull().tenant();
    if (underWay.find(tenant, requestId).isPresent()) {
      throw ProblemException.conflict(
          "InvocationUnderWay",
          "Invocation "
              + requestId
              + " has not ended yet; its log can be read when it has. Whoever starts a run with"
              + " Accept: text/event-stream reads the log while it is written.");
    }
    return one(
        tenant,
        requestId,
        """
        SELECT i.request_id, i.version, i.status, i.error_message, i.started_at, i.queue_micros,
          i.init_micros, i.run_micros, i.billed_millis, i.cold_start, i.peak_memory_bytes, i.memory,
          i.log_bytes, i.log_dropped_bytes, l.log
        FROM invocations i LEFT JOIN invocation_logs l
          ON l.tenant_id = i.tenant_id AND l.started_at = i.started_at AND l.request_id = i.request_id
        """
            + ONE,
        (row, number) -> log(row));
  }

  private static ProblemException missing(UUID requestId) {
    return ProblemException.notFound(
        "InvocationNotFound",
        "There is no invocation " + requestId + "; it may be older than invocations are kept.");
  }

  private static InvocationView view(ResultSet row) throws SQLException {
    return new InvocationView(
        row.getObject("request_id", UUID.class),
        row.getString("function_name"),
        row.getString("version"),
        row.getString("alias"),
        row.getString("trigger"),
        key(row),
        row.getString("status"),
        row.getString("error_type"),
        row.getString("error_message"),
        startedAt(row),
        InvocationView.millis(row.getLong("queue_micros")),
        InvocationView.millis(row.getLong("init_micros")),
        InvocationView.millis(row.getLong("run_micros")),
        row.getLong("billed_millis"),
        row.getBoolean("cold_start"),
        row.getInt("memory"),
        row.getLong("peak_memory_bytes"),
        row.getLong("payload_bytes"),
        row.getLong("result_bytes"),
        row.getLong("log_bytes"),
        row.getLong("log_dropped_bytes") > 0,
        null);
  }

  private static InvocationView.@Nullable KeyView key(ResultSet row) throws SQLException {
    String id = row.getString("key_id");
    return id == null ? null : new InvocationView.KeyView(id, row.getString("key_name"));
  }

  private static Instant startedAt(ResultSet row) throws SQLException {
    return row.getObject("started_at", OffsetDateTime.class)
        .withOffsetSameInstant(ZoneOffset.UTC)
        .toInstant();
  }

  private static InvocationDetails details(ResultSet row) throws SQLException {
    InvocationView view = view(row);
    KeptText payload = KeptText.of(row.getBytes("payload"), view.payloadBytes());
    KeptText result = KeptText.of(row.getBytes("result"), view.resultBytes());
    boolean succeeded = view.status().equals(InvocationStatus.SUCCEEDED.text());
    return new InvocationDetails(
        view,
        payload.text(),
        payload.truncated(),
        succeeded ? result.text() : null,
        result.truncated(),
        error(view, row.getString("error_trace")),
        null);
  }

  private static InvocationDetails.@Nullable ErrorView error(
      InvocationView view, @Nullable String trace) {
    if (view.errorType() == null || view.errorMessage() == null) {
      return null;
    }
    List<String> lines = trace == null || trace.isEmpty() ? List.of() : trace.lines().toList();
    return InvocationDetails.ErrorView.of(
        new FunctionError(view.errorType(), view.errorMessage(), lines));
  }

  private static InvocationLog log(ResultSet row) throws SQLException {
    String written = row.getString("log");
    long dropped = row.getLong("log_dropped_bytes");
    long kept = row.getLong("log_bytes") - dropped;
    String message = row.getString("error_message");
    String text =
        LogText.of(
            new LogText.Source(
                row.getObject("request_id", UUID.class),
                row.getString("version"),
                InvocationStatus.find(row.getString("status")).orElseThrow(),
                message == null ? "" : message,
                startedAt(row),
                new Measures(
                    row.getLong("queue_micros"),
                    row.getLong("init_micros"),
                    row.getLong("run_micros"),
                    row.getLong("billed_millis"),
                    row.getBoolean("cold_start"),
                    row.getLong("peak_memory_bytes")),
                row.getInt("memory"),
                written == null ? missingLog(kept) : written,
                dropped));
    return new InvocationLog(text, dropped > 0, dropped);
  }

  private static String missingLog(long kept) {
    return kept == 0 ? "" : "[log of " + kept + " bytes is no longer kept]\n";
  }
}
