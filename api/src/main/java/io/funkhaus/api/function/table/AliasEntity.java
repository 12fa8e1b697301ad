package io.funkhaus.api.function.table;

import io.funkhaus.api.function.AliasName;
import io.funkhaus.api.function.AliasRouting;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.VersionNumber;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code aliases}, changed only under the row lock of its function. */
@Entity
@Table(name = "aliases")
public class AliasEntity {

  @EmbeddedId private Id id;

  private int version;

  @Column(name = "additional_version")
  private @Nullable Integer additionalVersion;

  @Column(name = "additional_weight")
  private @Nullable Double additionalWeight;

  private long revision;

  @Column(name = "updated_at")
  private Instant updatedAt;

  @Column(name = "updated_by")
  private String updatedBy;

  /** For the persistence provider, which fills the fields afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected AliasEntity() {}

  public AliasEntity(Id id, AliasRouting routing, String author, Instant now) {
    this.id = id;
    move(routing, author, now);
  }

  /** Tenant, function and name, together the primary key. */
  @Embeddable
  public record Id(
      @Column(name = "tenant_id") long tenantId,
      @Column(name = "function_id") long functionId,
      @Column(name = "name") String name)
      implements Serializable {}

  public final void move(AliasRouting routing, String author, Instant now) {
    version = routing.version().value();
    AliasRouting.Share additional = routing.additional();
    additionalVersion = additional == null ? null : additional.version().value();
    additionalWeight = additional == null ? null : additional.weight();
    revision++;
    updatedBy = author;
    updatedAt = now;
  }

  public void check(Precondition precondition) {
    precondition.check("alias " + id.name(), revision, updatedAt, updatedBy);
  }

  public AliasName name() {
    return new AliasName(id.name());
  }

  public AliasRouting routing() {
    return new AliasRouting(
        new VersionNumber(version),
        additionalVersion == null || additionalWeight == null
            ? null
            : new AliasRouting.Share(new VersionNumber(additionalVersion), additionalWeight));
  }

  public long revision() {
    return revision;
  }

  public Instant updatedAt() {
    return updatedAt;
  }

  public String updatedBy() {
    return updatedBy;
  }
}
