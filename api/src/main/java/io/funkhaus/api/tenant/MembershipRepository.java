package io.funkhaus.api.tenant;

import org.springframework.data.jpa.repository.JpaRepository;

/** Rows of {@code memberships}. */
interface MembershipRepository extends JpaRepository<MembershipEntity, MembershipEntity.Id> {}
