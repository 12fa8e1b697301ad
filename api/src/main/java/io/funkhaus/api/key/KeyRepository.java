package io.funkhaus.api.key;

import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.Caller;
import io.funkhaus.api.caller.KeyId;
import io.funkhaus.api.caller.Scope;
import io.funkhaus.api.caller.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code api_keys}. Plain JDBC: one of these statements is near the path of a request. */
@Repository
class KeyRepository {

  private static final String COLUMNS =
      "id, name, scope, created_at, created_by, expires_at, last_used_at, last_used_address, revoked_at";

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  KeyRepository(JdbcClient jdbc, JdbcTemplate batches) {
    this.jdbc = jdbc;
    this.batches = batches;
  }

  void insert(TenantId tenant, ApiKey key, byte[] secretSha256) {
    jdbc.sql(
            """
            INSERT INTO api_keys (id, tenant_id, name, scope, secret_sha256, created_at, created_by, expires_at)
            VALUES (:id, :tenant, :name, :scope, :sha256, :createdAt, :createdBy, :expiresAt)
            """)
        .param("id", key.id())
        .param("tenant", tenant.value())
        .param("name", key.name())
        .param("scope", key.scope().word())
        .param("sha256", secretSha256)
        .param("createdAt", utc(key.createdAt()))
        .param("createdBy", key.createdBy())
        .param("expiresAt", key.expiresAt() == null ? null : utc(key.expiresAt()))
        .update();
  }

  /** Keys that could still be used. */
  int countUsable(TenantId tenant, Instant now) {
    return jdbc.sql(
            """
            SELECT count(*) FROM api_keys
             WHERE tenant_id = :tenant AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)
            """)
        .param("tenant", tenant.value())
        .param("now", utc(now))
        .query(Integer.class)
        .single();
  }

  Optional<ApiKey> find(TenantId tenant, KeyId id) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM api_keys WHERE tenant_id = :tenant AND id = :id")
        .param("tenant", tenant.value())
        .param("id", id.value())
        .query(KeyRepository::toKey)
        .optional();
  }

  List<ApiKey> newestFirst(TenantId tenant, int limit) {
    return jdbc.sql(
            "SELECT "
                + COLUMNS
                + " FROM api_keys WHERE tenant_id = :tenant ORDER BY created_at DESC, id DESC LIMIT :limit")
        .param("tenant", tenant.value())
        .param("limit", limit)
        .query(KeyRepository::toKey)
        .list();
  }

  /** Those that come after the given one; nothing when there is no such key. */
  List<ApiKey> newestFirstAfter(TenantId tenant, KeyId last, int limit) {
    return jdbc.sql(
            "SELECT "
                + COLUMNS
                + """
                 FROM api_keys
                WHERE tenant_id = :tenant
                  AND (created_at, id) < (SELECT created_at, id FROM api_keys WHERE tenant_id = :tenant AND id = :last)
                ORDER BY created_at DESC, id DESC LIMIT :limit
                """)
        .param("tenant", tenant.value())
        .param("last", last.value())
        .param("limit", limit)
        .query(KeyRepository::toKey)
        .list();
  }

  boolean rename(TenantId tenant, KeyId id, KeyName name) {
    return jdbc.sql("UPDATE api_keys SET name = :name WHERE tenant_id = :tenant AND id = :id")
            .param("name", name.value())
            .param("tenant", tenant.value())
            .param("id", id.value())
            .update()
        > 0;
  }

  /** Keeps the time of the first revocation. */
  boolean revoke(TenantId tenant, KeyId id, Instant now) {
    return jdbc.sql(
                """
                UPDATE api_keys SET revoked_at = coalesce(revoked_at, :now)
                 WHERE tenant_id = :tenant AND id = :id
                """)
            .param("now", utc(now))
            .param("tenant", tenant.value())
            .param("id", id.value())
            .update()
        > 0;
  }

  /**
   * What is needed to check a presented key. The one statement here that cannot name the tenant:
   * the key is what tells it.
   */
  Optional<StoredKey> findForCheck(KeyId id) {
    return jdbc.sql(
            """
            SELECT k.id, k.name, k.scope, k.secret_sha256, k.expires_at, k.revoked_at, t.id AS tenant_id, t.account_id
              FROM api_keys k JOIN tenants t ON t.id = k.tenant_id
             WHERE k.id = :id
            """)
        .param("id", id.value())
        .query(KeyRepository::toStoredKey)
        .optional();
  }

  void saveUses(List<KeyUses.Use> uses) {
    batches.batchUpdate(
        """
        UPDATE api_keys SET last_used_at = ?, last_used_address = ?
         WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)
        """,
        uses,
        uses.size(),
        (statement, use) -> {
          Timestamp at = Timestamp.from(use.at());
          statement.setTimestamp(1, at);
          statement.setString(2, use.address());
          statement.setString(3, use.key().value());
          statement.setTimestamp(4, at);
        });
  }

  private static ApiKey toKey(ResultSet row, int number) throws SQLException {
    String id = row.getString("id");
    return new ApiKey(
        id,
        row.getString("name"),
        scope(row),
        ApiKey.prefixOf(new KeyId(id)),
        row.getTimestamp("created_at").toInstant(),
        row.getString("created_by"),
        instant(row, "expires_at"),
        instant(row, "last_used_at"),
        row.getString("last_used_address"),
        instant(row, "revoked_at"));
  }

  private static StoredKey toStoredKey(ResultSet row, int number) throws SQLException {
    Caller caller =
        new Caller(
            new TenantId(row.getLong("tenant_id")),
            new AccountId(row.getString("account_id")),
            new Actor.Key(new KeyId(row.getString("id")), row.getString("name")),
            scope(row));
    return new StoredKey(
        caller,
        row.getBytes("secret_sha256"),
        instant(row, "expires_at"),
        instant(row, "revoked_at") != null);
  }

  private static Scope scope(ResultSet row) throws SQLException {
    String word = row.getString("scope");
    return Scope.ofWord(word)
        .orElseThrow(() -> new IllegalStateException("api_keys.scope is '" + word + "'"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp value = row.getTimestamp(column);
    return value == null ? null : value.toInstant();
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
