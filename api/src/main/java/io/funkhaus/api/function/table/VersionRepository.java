package io.funkhaus.api.function.table;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Rows of {@code versions}. */
public interface VersionRepository extends Repository<VersionEntity, VersionEntity.Id> {

  VersionEntity saveAndFlush(VersionEntity version);

  Optional<VersionEntity> findById(VersionEntity.Id id);

  boolean existsById(VersionEntity.Id id);

  @Query(
      """
      SELECT v FROM VersionEntity v
       WHERE v.id.tenantId = :tenant AND v.id.functionId = :function AND v.id.number < :before
       ORDER BY v.id.number DESC
      """)
  List<VersionEntity> newestFirst(long tenant, long function, int before, Limit limit);

  /** The newest version of each of these functions. */
  @Query(
      """
      SELECT v FROM VersionEntity v, FunctionEntity f
       WHERE f.id.tenantId = :tenant AND f.id.number IN :functions
         AND v.id.tenantId = :tenant AND v.id.functionId = f.id.number AND v.id.number = f.latestVersion
      """)
  List<VersionEntity> newestOfEach(long tenant, List<Long> functions);
}
