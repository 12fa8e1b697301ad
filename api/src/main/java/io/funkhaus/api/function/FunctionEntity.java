package io.funkhaus.api.function;

import io.funkhaus.api.caller.TenantId;
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
class FunctionEntity {

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

  FunctionEntity(
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
  record Id(@Column(name = "tenant_id") long tenantId, @Column(name = "id") long number)
      implements Serializable {}

  /** A new draft, description included. */
  void change(RunnableColumns newDraft, String newDescription, String author, Instant now) {
    draft = newDraft;
    description = newDescription;
    revision++;
    updatedBy = author;
    updatedAt = now;
  }

  /** Takes the next number for a version. */
  int nextVersion() {
    int next = latestVersion == null ? 1 : latestVersion + 1;
    latestVersion = next;
    return next;
  }

  void delete(Instant now) {
    deletedAt = now;
  }

  void undelete(String author, Instant now) {
    deletedAt = null;
    updatedBy = author;
    updatedAt = now;
    revision++;
  }

  void check(Precondition precondition) {
    precondition.check("function " + name, revision, updatedAt, updatedBy);
  }

  FunctionId functionId() {
    return new FunctionId(id.number());
  }

  TenantId tenant() {
    return new TenantId(id.tenantId());
  }

  FunctionName name() {
    return new FunctionName(name);
  }

  String description() {
    return description;
  }

  RunnableColumns draft() {
    return draft;
  }

  long revision() {
    return revision;
  }

  Optional<Integer> latestVersion() {
    return Optional.ofNullable(latestVersion);
  }

  Instant createdAt() {
    return createdAt;
  }

  Instant updatedAt() {
    return updatedAt;
  }

  String updatedBy() {
    return updatedBy;
  }

  Optional<Instant> deletedAt() {
    return Optional.ofNullable(deletedAt);
  }
}
