package io.funkhaus.api.function.table;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Rows of {@code aliases}. */
public interface AliasRepository extends Repository<AliasEntity, AliasEntity.Id> {

  AliasEntity saveAndFlush(AliasEntity alias);

  Optional<AliasEntity> findById(AliasEntity.Id id);

  void delete(AliasEntity alias);

  @Query(
      """
      SELECT a FROM AliasEntity a
       WHERE a.id.tenantId = :tenant AND a.id.functionId = :function
       ORDER BY a.id.name
      """)
  List<AliasEntity> byName(long tenant, long function);
}
