package io.funkhaus.api.function.table;

import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.function.FunctionId;
import io.funkhaus.api.function.FunctionName;
import io.funkhaus.api.function.Precondition;
import io.funkhaus.api.function.configuration.Description;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code functions}: a name and its draft. Changed only under its row lock; {@code
 * revision} grows with each change of the draft.
 */
@Entity
@Table(name = "functions")
public class FunctionEntity {

  @EmbeddedId private Id id;

  private String name;
  private String description;
  private RunnableColumns draft;
  private long revision;

  @Column(name = "latest_version")
  private @Nullable Integer latestVersion;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  @Column(name = "updated_by")
  private String updatedBy;

  @Column(name = "deleted_at")
  private @Nullable Instant deletedAt;

  /** For the persistence provider, which fills the fields afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected FunctionEntity() {}

  public FunctionEntity(
      Id id,
      FunctionName name,
      Description description,
      RunnableColumns draft,
      String author,
      Instant now) {
    this.id = id;
    this.name = name.value();
    this.description = description.value();
    this.draft = draft;
    this.revision = 1;
    this.createdAt = now;
    this.updatedAt = now;
    this.updatedBy = author;
  }

  /** Tenant and number, together the primary key. */
  @Embeddable
  public record Id(@Column(name = "tenant_id") long tenantId, @Column(name = "id") long number)
      implements Serializable {}

  /** A new draft, description included. */
  public void change(RunnableColumns newDraft, String newDescription, String author, Instant now) {
    draft = newDraft;
    description = newDescription;
    revision++;
    updatedBy = author;
    updatedAt = now;
  }

  /** Takes the next number for a version. */
  public int nextVersion() {
    int next = latestVersion == null ? 1 : latestVersion + 1;
    latestVersion = next;
    return next;
  }

  public void delete(Instant now) {
    deletedAt = now;
  }

  public void undelete(String author, Instant now) {
    deletedAt = null;
    updatedBy = author;
    updatedAt = now;
    revision++;
  }

  public void check(Precondition precondition) {
    precondition.check("function " + name, revision, updatedAt, updatedBy);
  }

  public FunctionId functionId() {
    return new FunctionId(id.number());
  }

  public TenantId tenant() {
    return new TenantId(id.tenantId());
  }

  public FunctionName name() {
    return new FunctionName(name);
  }

  public String description() {
    return description;
  }

  public RunnableColumns draft() {
    return draft;
  }

  public long revision() {
    return revision;
  }

  public Optional<Integer> latestVersion() {
    return Optional.ofNullable(latestVersion);
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }

  public String updatedBy() {
    return updatedBy;
  }

  public Optional<Instant> deletedAt() {
    return Optional.ofNullable(deletedAt);
  }
}
