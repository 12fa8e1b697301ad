package io.funkhaus.api.tenant;

import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.caller.UserId;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Locale;

/** A row of {@code memberships}. */
@Entity
@Table(name = "memberships")
class MembershipEntity {

  @EmbeddedId private Id id;

  private String role;

  @Column(name = "created_at")
  private Instant createdAt;

  /** For the persistence provider, which fills the fields afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected MembershipEntity() {}

  MembershipEntity(TenantId tenant, UserId user, Role role, Instant createdAt) {
    this.id = new Id(tenant.value(), user.value());
    this.role = role.name().toLowerCase(Locale.ROOT);
    this.createdAt = createdAt;
  }

  /** Tenant and user, together the primary key. */
  @Embeddable
  record Id(@Column(name = "tenant_id") long tenantId, @Column(name = "user_id") long userId)
      implements Serializable {}
}
