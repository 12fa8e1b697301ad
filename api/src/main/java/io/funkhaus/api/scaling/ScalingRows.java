package io.funkhaus.api.scaling;

import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.FunctionId;
import io.funkhaus.api.function.FunctionName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code function_concurrency} and {@code provisioned_concurrency}. */
@Repository
class ScalingRows {
  private static final long CHANGES = 0x5ca11406L;

  private final JdbcClient jdbc;

  ScalingRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Who last changed a row, and how often it was changed. */
  record Edit(long revision, Instant at, String by) {}

  record Concurrency(@Nullable Integer maximum, int reserved, Edit edit) {}

  record Provisioned(String qualifier, int sandboxes, Edit edit) {}

  /** A function that has settings, of whichever tenant. */
  record Scaled(
      TenantId tenant,
      AccountId account,
      FunctionId id,
      FunctionName name,
      @Nullable Integer maximum,
      int reserved) {}

  /** Until the transaction ends nobody else changes scaling: the sums that are checked stay. */
  void lockChanges() {
    jdbc.sql("SELECT pg_advisory_xact_lock(:changes)")
        .param("changes", CHANGES)
        .query()
        .listOfRows();
  }

  /** False when the function is gone; otherwise it stays until the transaction ends. */
  boolean lockFunction(TenantId tenant, FunctionId function) {
    return jdbc.sql(
            """
            SELECT id FROM functions
             WHERE tenant_id = :tenant AND id = :function AND deleted_at IS NULL FOR SHARE
            """)
        .param("tenant", tenant.value())
        .param("function", function.value())
        .query(Long.class)
        .optional()
        .isPresent();
  }

  Optional<Concurrency> concurrency(TenantId tenant, FunctionId function) {
    return jdbc.sql(
            """
            SELECT maximum_concurrency, reserved_concurrency, revision, updated_at, updated_by
              FROM function_concurrency WHERE tenant_id = :tenant AND function_id = :function
            """)
        .param("tenant", tenant.value())
        .param("function", function.value())
        .query((row, number) ->
            new Concurrency(
                row.getObject("maximum_concurrency", Integer.class),
                row.getInt("reserved_concurrency"),
                edit(row)))
        .optional();
  }

  /** What the tenant's other functions have reserved. */
  int reservedByOthers(TenantId tenant, FunctionId function) {
    return jdbc.sql(
            """
            SELECT coalesce(sum(c.reserved_concurrency), 0)
              FROM function_concurrency c
              JOIN functions f ON f.tenant_id = c.tenant_id AND f.id = c.function_id
             WHERE c.tenant_id = :tenant AND c.function_id <> :function AND f.deleted_at IS NULL
            """)
        .param("tenant", tenant.value())
        .param("function", function.value())
        .query(Integer.class)
        .single();
  }

  void save(TenantId tenant, FunctionId function, Concurrency concurrency) {
    jdbc.sql(
            """
            INSERT INTO function_concurrency
                (tenant_id, function_id, maximum_concurrency, reserved_concurrency, revision, updated_at, updated_by)
            VALUES (:tenant, :function, :maximum, :reserved, :revision, :at, :by)
            ON CONFLICT (tenant_id, function_id) DO UPDATE
               SET maximum_concurrency = :maximum, reserved_concurrency = :reserved,
                   revision = :revision, updated_at = :at, updated_by = :by
            """)
        .param("tenant", tenant.value())
        .param("function", function.value())
        .param("maximum", concurrency.maximum(), java.sql.Types.INTEGER)
        .param("reserved", concurrency.reserved())
        .param("revision", concurrency.edit().revision())
        .param("at", concurrency.edit().at().atOffset(ZoneOffset.UTC))
        .param("by", concurrency.edit().by())
        .update();
  }

  void deleteConcurrency(TenantId tenant, FunctionId function) {
    jdbc.sql(
            "DELETE FROM function_concurrency WHERE tenant_id = :tenant AND function_id ="
                + " :function")
        .param("tenant", tenant.value())
        .param("function", function.value())
        .update();
  }

  List<Provisioned> provisioned(TenantId tenant, FunctionId function) {
    return jdbc.sql(
            """
            SELECT qualifier, sandboxes, revision, updated_at, updated_by
              FROM provisioned_concurrency WHERE tenant_id = :tenant AND function_id = :function
             ORDER BY qualifier
            """)
        .param("tenant", tenant.value())
        .param("function", function.value())
        .query((row, number) ->
            new Provisioned(row.getString("qualifier"), row.getInt("sandboxes"), edit(row)))
        .list();
  }

  /** Sandboxes that the tenant keeps ready, the named ones aside. */
  int provisionedBeside(TenantId tenant, FunctionId function, String qualifier) {
    return jdbc.sql(
            """
            SELECT coalesce(sum(p.sandboxes), 0)
              FROM provisioned_concurrency p
              JOIN functions f ON f.tenant_id = p.tenant_id AND f.id = p.function_id
             WHERE p.tenant_id = :tenant AND f.deleted_at IS NULL
               AND NOT (p.function_id = :function AND p.qualifier = :qualifier)
            """)
        .param("tenant", tenant.value())
        .param("function", function.value())
        .param("qualifier", qualifier)
        .query(Integer.class)
        .single();
  }

  /**
   * Memory of all sandboxes that this installation keeps ready, the named ones aside. Over all
   * tenants, because they share the host; where an alias splits, its larger version counts for
   * both.
   */
  long provisionedMegabytesBeside(TenantId tenant, FunctionId function, String qualifier) {
    return jdbc.sql(
            """
            SELECT coalesce(sum(p.sandboxes::bigint * greatest(v.memory, v2.memory)), 0)
              FROM provisioned_concurrency p
              JOIN functions f ON f.tenant_id = p.tenant_id AND f.id = p.function_id
              LEFT JOIN aliases a
                ON a.tenant_id = p.tenant_id AND a.function_id = p.function_id AND a.name = p.qualifier
              JOIN versions v
                ON v.tenant_id = p.tenant_id AND v.function_id = p.function_id
               AND v.number = coalesce(a.version, CASE WHEN p.qualifier ~ '^[0-9]+$' THEN p.qualifier::integer END)
              LEFT JOIN versions v2
                ON v2.tenant_id = p.tenant_id AND v2.function_id = p.function_id AND v2.number = a.additional_version
             WHERE f.deleted_at IS NULL
               AND NOT (p.tenant_id = :tenant AND p.function_id = :function AND p.qualifier = :qualifier)
            """)
        .param("tenant", tenant.value())
        .param("function", function.value())
        .param("qualifier", qualifier)
        .query(Long.class)
        .single();
  }

  void save(TenantId tenant, FunctionId function, Provisioned provisioned) {
    jdbc.sql(
            """
            INSERT INTO provisioned_concurrency
                (tenant_id, function_id, qualifier, sandboxes, revision, updated_at, updated_by)
            VALUES (:tenant, :function, :qualifier, :sandboxes, :revision, :at, :by)
            ON CONFLICT (tenant_id, function_id, qualifier) DO UPDATE
               SET sandboxes = :sandboxes, revision = :revision, updated_at = :at, updated_by = :by
            """)
        .param("tenant", tenant.value())
        .param("function", function.value())
        .param("qualifier", provisioned.qualifier())
        .param("sandboxes", provisioned.sandboxes())
        .param("revision", provisioned.edit().revision())
        .param("at", provisioned.edit().at().atOffset(ZoneOffset.UTC))
        .param("by", provisioned.edit().by())
        .update();
  }

  void deleteProvisioned(TenantId tenant, FunctionId function, String qualifier) {
    jdbc.sql(
            """
            DELETE FROM provisioned_concurrency
             WHERE tenant_id = :tenant AND function_id = :function AND qualifier = :qualifier
            """)
        .param("tenant", tenant.value())
        .param("function", function.value())
        .param("qualifier", qualifier)
        .update();
  }

  /** Functions with settings of one tenant, or of all when it is null. */
  List<Scaled> scaled(@Nullable TenantId tenant) {
    return jdbc.sql(
            """
            SELECT f.tenant_id, t.account_id, f.id, f.name, c.maximum_concurrency,
                   coalesce(c.reserved_concurrency, 0) AS reserved_concurrency
              FROM (SELECT tenant_id, function_id FROM function_concurrency
                     UNION SELECT tenant_id, function_id FROM provisioned_concurrency) s
              JOIN functions f ON f.tenant_id = s.tenant_id AND f.id = s.function_id
              JOIN tenants t ON t.id = f.tenant_id
              LEFT JOIN function_concurrency c ON c.tenant_id = f.tenant_id AND c.function_id = f.id
             WHERE f.deleted_at IS NULL
               AND (CAST(:tenant AS bigint) IS NULL OR s.tenant_id = CAST(:tenant AS bigint))
             ORDER BY f.tenant_id, f.id
            """)
        .param("tenant", tenant == null ? null : tenant.value(), java.sql.Types.BIGINT)
        .query((row, number) ->
            new Scaled(
                new TenantId(row.getLong("tenant_id")),
                new AccountId(row.getString("account_id")),
                new FunctionId(row.getLong("id")),
                new FunctionName(row.getString("name")),
                row.getObject("maximum_concurrency", Integer.class),
                row.getInt("reserved_concurrency")))
        .list();
  }

  private static Edit edit(ResultSet row) throws SQLException {
    return new Edit(
        row.getLong("revision"),
        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
        row.getString("updated_by"));
  }
}
