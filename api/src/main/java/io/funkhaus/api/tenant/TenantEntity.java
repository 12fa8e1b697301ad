package io.funkhaus.api.tenant;

import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.TenantId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code tenants}. */
@Entity
@Table(name = "tenants")
class TenantEntity {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private long id;

  @JdbcTypeCode(SqlTypes.CHAR)
  @Column(name = "account_id", length = 12)
  private String accountId;

  private String name;

  @Column(name = "created_at")
  private Instant createdAt;

  /** For the persistence provider, which fills the fields afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected TenantEntity() {}

  TenantEntity(AccountId account, String name, Instant createdAt) {
    this.accountId = account.value();
    this.name = name;
    this.createdAt = createdAt;
  }

  Tenant toTenant() {
    return new Tenant(new TenantId(id), new AccountId(accountId), name);
  }
}
