package io.funkhaus.api.invocation;

import io.funkhaus.api.caller.TenantId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The conditions of a list of invocations as SQL. Every one begins with the tenant. */
final class InvocationQuery {
  private final StringBuilder where = new StringBuilder(" FROM invocations i WHERE tenant_id = ?");
  private final List<Object> parameters = new ArrayList<>();

  InvocationQuery(TenantId tenant, InvocationFilter filter) {
    parameters.add(tenant.value());
    filter.function().ifPresent(name -> and("function_name = ?", name.value()));
    filter.status().ifPresent(status -> and("status = ?", status.text()));
    filter.version().ifPresent(version -> and("version = ?", version));
    filter.key().ifPresent(key -> and("key_id = ?", key.value()));
    filter.from().ifPresent(from -> and("started_at >= ?", timestamp(from)));
    filter.to().ifPresent(to -> and("started_at < ?", timestamp(to)));
    filter.text().ifPresent(this::andContains);
  }

  private void andContains(String text) {
    String pattern = "%" + text.replaceAll("([\\\\%_])", "\\\\$1") + "%";
    and(
        """
        (request_id::text ILIKE ? OR error_type ILIKE ? OR error_message ILIKE ? OR EXISTS (
          SELECT 1 FROM invocation_logs l
          WHERE l.tenant_id = i.tenant_id AND l.started_at = i.started_at AND l.request_id = i.request_id
            AND l.log ILIKE ?))\
        """,
        pattern,
        pattern,
        pattern,
        pattern);
  }

  /** Only what comes behind a row in the order of the list. */
  void behind(InvocationCursor cursor) {
    and("started_at <= ?", timestamp(cursor.startedAt()));
    and("(started_at, request_id) < (?, ?)", timestamp(cursor.startedAt()), cursor.requestId());
  }

  private void and(String condition, Object... values) {
    where.append(" AND ").append(condition);
    parameters.addAll(List.of(values));
  }

  /** Everything from FROM on. */
  String rest(int limit) {
    return where + " ORDER BY started_at DESC, request_id DESC LIMIT " + limit;
  }

  List<Object> parameters() {
    return parameters;
  }

  private static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
