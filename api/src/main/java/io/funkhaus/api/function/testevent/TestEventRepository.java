package io.funkhaus.api.function.testevent;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Rows of {@code test_events}. */
interface TestEventRepository extends Repository<TestEventEntity, TestEventEntity.Id> {

  TestEventEntity saveAndFlush(TestEventEntity event);

  Optional<TestEventEntity> findById(TestEventEntity.Id id);

  void delete(TestEventEntity event);

  @Query(
      """
      SELECT e FROM TestEventEntity e
       WHERE e.id.tenantId = :tenant AND e.id.functionId = :function
       ORDER BY e.id.name
      """)
  List<TestEventEntity> byName(long tenant, long function);

  @Query(
      "SELECT count(e) FROM TestEventEntity e WHERE e.id.tenantId = :tenant AND e.id.functionId = :function")
  long count(long tenant, long function);
}
