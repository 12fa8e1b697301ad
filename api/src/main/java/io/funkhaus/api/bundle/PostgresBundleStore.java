package io.funkhaus.api.bundle;

import io.funkhaus.api.caller.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Bundles in PostgreSQL, their archives in rows of at most 1 MiB. */
@Repository
class PostgresBundleStore implements BundleStore {
  static final int CHUNK_BYTES = 1024 * 1024;

  private final JdbcClient jdbc;
  private final InstantSource clock;

  PostgresBundleStore(JdbcClient jdbc, InstantSource clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  @Override
  public boolean touch(TenantId tenant, BundleAddress address) {
    return jdbc.sql(
                "UPDATE bundles SET used_at = :now WHERE tenant_id = :tenant AND sha256 = :sha256")
            .param("now", now())
            .param("tenant", tenant.value())
            .param("sha256", address.sha256())
            .update()
        == 1;
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void put(TenantId tenant, Manifest manifest, Path archive) throws IOException {
    BundleAddress address = manifest.address();
    boolean isNew =
        jdbc.sql(
                """
                INSERT INTO bundles (tenant_id, sha256, manifest, file_count, size_bytes, packed_bytes, created_at, used_at)
                VALUES (:tenant, :sha256, :manifest, :files, :size, :packed, :now, :now)
                ON CONFLICT (tenant_id, sha256) DO UPDATE SET used_at = excluded.used_at
                RETURNING xmax = 0
                """)
            .param("tenant", tenant.value())
            .param("sha256", address.sha256())
            .param("manifest", manifest.text())
            .param("files", manifest.entries().size())
            .param("size", manifest.sizeBytes())
            .param("packed", Files.size(archive))
            .param("now", now())
            .query(Boolean.class)
            .single();
    if (isNew) {
      putChunks(tenant, address, archive);
    }
  }

  private void putChunks(TenantId tenant, BundleAddress address, Path archive) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      byte[] chunk = in.readNBytes(CHUNK_BYTES);
      for (int number = 0; chunk.length > 0; number++) {
        jdbc.sql(
                "INSERT INTO bundle_chunks (tenant_id, sha256, number, content)"
                    + " VALUES (:tenant, :sha256, :number, :content)")
            .param("tenant", tenant.value())
            .param("sha256", address.sha256())
            .param("number", number)
            .param("content", chunk)
            .update();
        chunk = in.readNBytes(CHUNK_BYTES);
      }
    }
  }

  @Override
  public Optional<Manifest> manifest(TenantId tenant, BundleAddress address) {
    return jdbc.sql("SELECT manifest FROM bundles WHERE tenant_id = :tenant AND sha256 = :sha256")
        .param("tenant", tenant.value())
        .param("sha256", address.sha256())
        .query(String.class)
        .optional()
        .map(Manifest::parse);
  }

  @Override
  public InputStream open(TenantId tenant, BundleAddress address) {
    return new ChunkedInputStream(number -> chunk(tenant, address, number));
  }

  private Optional<byte[]> chunk(TenantId tenant, BundleAddress address, int number) {
    return jdbc.sql(
            "SELECT content FROM bundle_chunks WHERE tenant_id = :tenant AND sha256 = :sha256 AND number = :number")
        .param("tenant", tenant.value())
        .param("sha256", address.sha256())
        .param("number", number)
        .query(byte[].class)
        .optional();
  }

  /** Over all tenants: it deletes what no tenant's function or version refers to any more. */
  @Override
  public int sweep(Duration grace) {
    return jdbc.sql(
            """
            DELETE FROM bundles b
             WHERE b.used_at < :before
               AND NOT EXISTS (SELECT 1 FROM functions f WHERE f.tenant_id = b.tenant_id AND f.code_sha256 = b.sha256)
               AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.tenant_id = b.tenant_id AND v.code_sha256 = b.sha256)
            """)
        .param("before", Timestamp.from(clock.instant().minus(grace)))
        .update();
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }
}
