package io.funkhaus.api.tenant;

import org.springframework.data.jpa.repository.JpaRepository;

/** Rows of {@code tenants}. */
interface TenantRepository extends JpaRepository<TenantEntity, Long> {

  boolean existsByAccountId(String accountId);
}
