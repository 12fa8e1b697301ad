package io.funkhaus.api.function.table;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Rows of {@code functions}. */
public interface FunctionRepository extends Repository<FunctionEntity, FunctionEntity.Id> {

  FunctionEntity saveAndFlush(FunctionEntity function);

  @Query(value = "SELECT nextval('function_ids')", nativeQuery = true)
  long nextId();

  @Query(
      "SELECT f FROM FunctionEntity f WHERE f.id.tenantId = :tenant AND f.name = :name AND f.deletedAt IS NULL")
  Optional<FunctionEntity> find(long tenant, String name);

  @Query(
      "SELECT count(f) > 0 FROM FunctionEntity f WHERE f.id.tenantId = :tenant AND f.name = :name AND f.deletedAt IS NULL")
  boolean isThere(long tenant, String name);

  /**
   * Call it first in a transaction: an entity that was read before the lock was had keeps the state
   * it was read with.
   */
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query(
      "SELECT f FROM FunctionEntity f WHERE f.id.tenantId = :tenant AND f.name = :name AND f.deletedAt IS NULL")
  Optional<FunctionEntity> findLocked(long tenant, String name);

  @Query(
      "SELECT count(f) FROM FunctionEntity f WHERE f.id.tenantId = :tenant AND f.deletedAt IS NULL")
  long count(long tenant);

  @Query(
      """
      SELECT f FROM FunctionEntity f
       WHERE f.id.tenantId = :tenant AND f.deletedAt IS NULL
         AND (lower(f.name) LIKE :pattern ESCAPE '!' OR lower(f.description) LIKE :pattern ESCAPE '!')
         AND (f.updatedAt < :before OR (f.updatedAt = :before AND f.id.number < :beforeNumber))
       ORDER BY f.updatedAt DESC, f.id.number DESC
      """)
  List<FunctionEntity> newestFirst(
      long tenant, String pattern, Instant before, long beforeNumber, Limit limit);

  @Query(
      """
      SELECT f FROM FunctionEntity f
       WHERE f.id.tenantId = :tenant AND f.deletedAt IS NOT NULL
       ORDER BY f.deletedAt DESC, f.id.number DESC
      """)
  List<FunctionEntity> deleted(long tenant, Limit limit);

  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query(
      """
      SELECT f FROM FunctionEntity f
       WHERE f.id.tenantId = :tenant AND f.name = :name AND f.deletedAt IS NOT NULL
       ORDER BY f.deletedAt DESC, f.id.number DESC
      """)
  List<FunctionEntity> deletedLocked(long tenant, String name, Limit limit);

  /** Over all tenants: what can no longer be taken back. Versions, aliases and events go along. */
  @Modifying
  @Query("DELETE FROM FunctionEntity f WHERE f.deletedAt < :before")
  int purge(Instant before);
}
